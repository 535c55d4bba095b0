-- bad: core 3 column name: name its type, AS name__int, __text, __real, __blob or ..._null

-- one: rec_name(id int)
SELECT r.id, (SELECT s.name FROM state s WHERE s.code = r.sur) AS name FROM rec r WHERE r.id = :id;
