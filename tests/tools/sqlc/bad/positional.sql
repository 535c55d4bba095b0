-- bad: core 4 parameter ? is not declared

-- many: rec_list()
SELECT id FROM rec WHERE sur = ?;
