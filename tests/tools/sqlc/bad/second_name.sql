-- bad: core 6 a second query named rec_code

-- one: rec_code(id int)
SELECT code FROM rec WHERE id = :id;

-- one: rec_code(code text)
SELECT code FROM rec WHERE code = :code;
