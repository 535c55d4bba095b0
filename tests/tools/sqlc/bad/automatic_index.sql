-- bad: core 4 full table scan (SEARCH b USING AUTOMATIC COVERING INDEX (weight=?)): index it

-- many: rec_same(sur text)
SELECT b.id FROM rec a CROSS JOIN rec b ON b.weight = a.weight WHERE a.sur > :sur;
