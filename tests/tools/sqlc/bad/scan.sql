-- bad: core 4 rec_heavy: full table scan (SCAN rec): add an index, or /* scan-ok: why */

-- many: rec_heavy(weight real)
SELECT id FROM rec WHERE weight > :weight;
