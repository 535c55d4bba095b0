-- bad: core 4 rowid is not for the core side:

-- many: rec_list()
SELECT id FROM rec WHERE rowid = 1;
