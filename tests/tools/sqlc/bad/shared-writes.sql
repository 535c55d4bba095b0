-- bad: shared 5 name_set: the shared side only reads
-- Tables that both sides have are read by the same query, and written by one side's own.

-- exec: name_set(code text, name text)
UPDATE state SET name = :name WHERE code = :code;
