-- bad: core 4 autoincrement is not for the core side:

-- many: rec_list()
SELECT id AS autoincrement FROM rec WHERE id = 1;
