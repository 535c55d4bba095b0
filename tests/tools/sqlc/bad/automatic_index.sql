-- bad: core 4 rec_same: full table scan (SEARCH b USING AUTOMATIC COVERING INDEX (weight=?)): add an index, or /* scan-ok: why */

-- many: rec_same(sur text)
SELECT b.id FROM rec a CROSS JOIN rec b ON b.weight = a.weight WHERE a.sur > :sur;
