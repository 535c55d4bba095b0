-- bad: core 4 full table scan (SCAN t): index it

-- many: rec_weights(sur text)
SELECT r.id
  FROM rec r CROSS JOIN (SELECT max(weight) AS top FROM rec WHERE sur = :sur) t
 WHERE r.sur = :sur AND r.weight < t.top;
