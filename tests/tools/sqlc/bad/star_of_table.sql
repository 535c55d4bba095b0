-- bad: core 5 name the columns instead of *

-- one: rec_all(id int)
SELECT r.id,
       s.*
  FROM rec r JOIN state s ON s.code = r.sur WHERE r.id = :id;
