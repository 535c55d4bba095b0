-- This line is about the file, not about a query: a blank line follows it.

-- A State by its ISO 3166 code.
-- E_NOTFOUND when there is none.
-- one: state_by_code(code text)
SELECT code, name, former, m49, area FROM state WHERE code = :code;

-- exec: state_add(code text, name text, former text?, m49 int?, area real?)
INSERT INTO state (code, name, former, m49, area) VALUES (:code, :name, :former, :m49, :area);

-- one: rec_add(code text, sur text, rs text?, cycle int, body text, weight real,
--              hash blob, scan blob?)
INSERT INTO rec (code, sur, rs, cycle, body, weight, hash, scan)
VALUES (:code, :sur, :rs, :cycle, :body, :weight, :hash, :scan)
RETURNING id;

-- one: rec_by_id(id int)
SELECT id, code, sur, rs, cycle, body, weight, hash, scan FROM rec WHERE id = :id;

-- many: rec_by_sur(sur text, cycle int)
SELECT id, body FROM rec WHERE sur = :sur AND cycle = :cycle ORDER BY id;

-- The recommending State's columns may be NULL, because the join is an outer one.
-- many: rec_with_rs(sur text)
SELECT r.id, s.name AS rs_name, s.m49 AS rs_m49, r.cycle
  FROM rec r LEFT JOIN state s ON s.code = r.rs
 WHERE r.sur = :sur
 ORDER BY r.id;

-- each: rec_each()
SELECT id, body, hash, scan FROM rec /* scan-ok: every row is wanted */ ORDER BY id;

-- one: rec_count(sur text)
SELECT count(*) AS n__int, max(cycle) AS last__int_null, avg(weight) AS mean__real_null,
       min(body) AS first__text_null,
       (SELECT scan FROM rec WHERE id = 2 AND sur = :sur) AS scan__blob_null
  FROM rec WHERE sur = :sur;

-- A promise that the rows do not keep: NULL where none may be.
-- one: rec_last(sur text)
SELECT max(cycle) AS last__int FROM rec WHERE sur = :sur;

-- one: rec_any(sur text)
-- Finds more than one row. A comment may stand behind the header, too.
SELECT id FROM rec WHERE sur = :sur;

-- A value twice, text with signs that C would read: "x" \n '?'.
-- one: rec_text(part text)
SELECT :part || ' "a" \ ' || :part AS both__text;

-- The name comes from a query of its own, so its type is stated.
-- one: rec_sur_name(id int)
SELECT (SELECT s.name FROM state s WHERE s.code = r.sur) AS name__text FROM rec r WHERE r.id = :id;

-- many: rec_steps(n int)
WITH RECURSIVE step (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM step WHERE i < :n)
SELECT i AS i__int FROM step;

-- exec-changes: rec_set_body(sur text, body text)
UPDATE rec SET body = :body WHERE sur = :sur;

-- exec: rec_put(code text, sur text, cycle int, body text, hash blob)
INSERT INTO rec (code, sur, cycle, body, hash) VALUES (:code, :sur, :cycle, :body, :hash)
    ON CONFLICT (code) DO UPDATE SET body = excluded.body;

-- exec-changes: rec_remove(id int)
DELETE FROM rec WHERE id = :id;

-- exec: tag_add(rec int, issue text)
INSERT INTO tag (rec, issue) VALUES (:rec, :issue);
