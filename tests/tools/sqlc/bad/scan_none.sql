-- bad: core 4 scan-ok, but nothing is scanned: take it out

-- one: rec_code(id int)
SELECT code FROM rec /* scan-ok: it is small */ WHERE id = :id;
