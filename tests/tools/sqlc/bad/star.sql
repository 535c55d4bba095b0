-- bad: core 4 name the columns instead of *

-- one: rec_all(id int)
SELECT * FROM rec WHERE id = :id;
