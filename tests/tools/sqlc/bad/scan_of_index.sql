-- bad: core 4 full table scan (SCAN rec USING COVERING INDEX rec_sur): index it

-- many: rec_late(cycle int)
SELECT id FROM rec WHERE cycle = :cycle;
