-- bad: core 3 rec_code: the statement has no ; at its end

-- one: rec_code(id int)
SELECT code FROM rec WHERE id = :id

-- one: rec_id(code text)
SELECT id FROM rec WHERE code = :code;
