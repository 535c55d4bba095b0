-- bad: core 4 GLOB is not for the core side:

-- many: rec_list()
SELECT id FROM rec WHERE sur = 'FRA' AND body GLOB 'a*';
