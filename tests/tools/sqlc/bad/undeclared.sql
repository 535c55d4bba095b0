-- bad: core 5 parameter :cycle is not declared

-- many: rec_list(sur text)
SELECT id FROM rec
 WHERE sur = :sur AND cycle = :cycle;
