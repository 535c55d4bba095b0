-- bad: core 3 column n has no type: AS name__int ...

-- one: rec_count(sur text)
SELECT count(*) AS n FROM rec WHERE sur = :sur;
