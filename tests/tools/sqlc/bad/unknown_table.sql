-- bad: core 4 no such table: reccs

-- one: rec_code(id int)
SELECT code FROM reccs WHERE id = :id;
