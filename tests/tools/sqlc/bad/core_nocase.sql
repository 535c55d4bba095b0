-- bad: core 4 NOCASE is not for the core side:

-- many: rec_list()
SELECT id FROM rec WHERE sur = 'FRA' ORDER BY body COLLATE NOCASE;
