-- bad: core 5 a statement without its own header, -- kind: name()

-- one: rec_code(id int)
SELECT code FROM rec WHERE id = :id;
SELECT 1 AS n__int;
