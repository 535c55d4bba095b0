-- bad: core 4 rec_weights: full table scan (SCAN t): add an index, or /* scan-ok: why */

-- many: rec_weights(sur text)
SELECT r.id
  FROM rec r CROSS JOIN (SELECT max(weight) AS top FROM rec WHERE sur = :sur) t
 WHERE r.sur = :sur AND r.weight < t.top;
