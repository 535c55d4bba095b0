-- bad: core 3 parameter 'sur': a name and its type

-- many: rec_list(sur string)
SELECT id FROM rec WHERE sur = :sur;
