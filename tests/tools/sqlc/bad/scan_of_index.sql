-- bad: core 4 rec_late: full table scan (SCAN rec USING COVERING INDEX rec_sur): add an index, or /* scan-ok: why */

-- many: rec_late(cycle int)
SELECT id FROM rec WHERE cycle = :cycle;
