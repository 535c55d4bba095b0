-- bad: core 4 rec_former: full table scan (SCAN state): add an index, or /* scan-ok: why */

-- many: rec_former()
SELECT id FROM rec WHERE sur IN (SELECT code FROM state WHERE former = 'Swaziland');
