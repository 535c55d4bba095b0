-- bad: core 3 parameter sur is declared twice

-- many: rec_list(sur text, sur int)
SELECT id FROM rec WHERE sur = :sur;
