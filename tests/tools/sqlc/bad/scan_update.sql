-- bad: core 4 rec_lighten: full table scan (SCAN rec): add an index, or /* scan-ok: why */

-- exec: rec_lighten()
UPDATE rec SET weight = 0 WHERE weight > 1;
