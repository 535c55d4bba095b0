-- bad: core 6 no such column: bode

-- many: rec_list(sur text)
SELECT id
  FROM rec
 WHERE sur = :sur AND bode = 1;
