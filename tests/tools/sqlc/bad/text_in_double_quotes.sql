-- bad: core 4 no such column: FRA

-- many: rec_list()
SELECT id FROM rec WHERE sur = "FRA";
