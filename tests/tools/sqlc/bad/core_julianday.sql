-- bad: core 4 julianday is not for the core side:

-- many: rec_list()
SELECT id FROM rec WHERE sur = 'FRA' AND weight > julianday('now');
