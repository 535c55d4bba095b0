-- What PostgreSQL does not know is fine on this side.
-- many: shown_like(part text)
SELECT code, name FROM state /* scan-ok: two hundred rows */ WHERE name LIKE :part;

-- many: shown_list(json text)
SELECT s.code FROM json_each(:json) j JOIN state s ON s.code = j.value;
