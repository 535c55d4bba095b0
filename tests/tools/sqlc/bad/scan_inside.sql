-- bad: core 4 full table scan (SCAN state): index it

-- many: rec_former()
SELECT id FROM rec WHERE sur IN (SELECT code FROM state WHERE former = 'Swaziland');
