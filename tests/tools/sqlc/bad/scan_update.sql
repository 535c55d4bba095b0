-- bad: core 4 full table scan (SCAN rec): index it

-- exec: rec_lighten()
UPDATE rec SET weight = 0 WHERE weight > 1;
