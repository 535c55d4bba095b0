-- bad: core 3 column name has no type: AS name__int ...

-- one: rec_name(id int)
SELECT r.id, (SELECT s.name FROM state s WHERE s.code = r.sur) AS name FROM rec r WHERE r.id = :id;
