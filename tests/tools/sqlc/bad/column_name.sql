-- bad: core 3 column Code: name its type, AS name__int, __text, __real, __blob or ..._null

-- one: rec_code(id int)
SELECT code AS Code FROM rec WHERE id = :id;
