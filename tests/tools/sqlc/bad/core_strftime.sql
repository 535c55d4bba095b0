-- bad: core 4 strftime is not for the core side:

-- many: rec_list()
SELECT id FROM rec WHERE sur = 'FRA' AND body = strftime('%Y', 'now');
