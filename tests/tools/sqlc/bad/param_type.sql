-- bad: core 3 parameter 'sur': a name and int, text, real or blob, ? if NULL may be

-- many: rec_list(sur string)
SELECT id FROM rec WHERE sur = :sur;
