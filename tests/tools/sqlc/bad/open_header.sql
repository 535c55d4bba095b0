-- bad: core 3 rec_code: the header has no )

-- one: rec_code(id int
SELECT code FROM rec WHERE id = :id;
