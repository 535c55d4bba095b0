-- Queries that sqlc takes and PostgreSQL does not: the test of the core's SQL must see each of them.

-- many: bad_function(sur text)
SELECT coalesce(rs, 'x') AS a__text, ifnull(rs, 'x') AS b__text FROM rec WHERE sur = :sur;

-- many: bad_is(sur text)
SELECT id FROM rec WHERE sur = :sur AND code IS 'AAA';

-- many: bad_truth(sur text)
SELECT id FROM rec WHERE sur = :sur AND cycle;

-- many: bad_limit(sur text)
SELECT id FROM rec WHERE sur = :sur ORDER BY id LIMIT 10, 20;

-- one: bad_group(sur text)
SELECT sur, count(*) AS n__int FROM rec WHERE sur = :sur;
