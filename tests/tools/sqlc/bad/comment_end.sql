-- bad: core 3 a comment above a query is -- lines without */

-- The comment of C ends here */ too early.
-- one: rec_code(id int)
SELECT code FROM rec WHERE id = :id;
