-- bad: core 3 rec_code: the statement has no ; at its end

-- one: rec_code()
SELECT code FROM rec WHERE code = 'FRA;
