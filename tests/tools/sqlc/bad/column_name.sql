-- bad: core 3 column Code has no type: AS name__int ...

-- one: rec_code(id int)
SELECT code AS Code FROM rec WHERE id = :id;
