-- bad: core 4 full table scan (SCAN rec): index it, or /* scan-ok: why */

-- many: rec_heavy(weight real)
SELECT id FROM rec WHERE weight > :weight;
