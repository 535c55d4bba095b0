-- bad: core 3 a comment above a query is -- lines without */

/* The code. */
-- one: rec_code(id int)
SELECT code FROM rec WHERE id = :id;
