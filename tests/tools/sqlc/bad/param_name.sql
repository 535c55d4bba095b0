-- bad: core 3 parameter 'Sur': a name and its type

-- many: rec_list(Sur text)
SELECT id FROM rec WHERE sur = :Sur;
