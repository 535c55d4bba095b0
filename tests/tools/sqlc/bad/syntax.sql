-- bad: core 5 near "=": syntax error

-- one: rec_code(id int)
SELECT code FROM rec
 WHERE id = = :id;
