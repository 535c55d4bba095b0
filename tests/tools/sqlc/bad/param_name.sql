-- bad: core 3 parameter 'Sur': a name and int, text, real or blob, ? if NULL may be

-- many: rec_list(Sur text)
SELECT id FROM rec WHERE sur = :Sur;
