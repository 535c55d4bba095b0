-- bad: core 3 column n__number has no type: AS name__int ...

-- one: rec_count(sur text)
SELECT count(*) AS n__number FROM rec WHERE sur = :sur;
