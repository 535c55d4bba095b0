-- bad: core 3 column count(*) has no type: AS name__int ...

-- one: rec_count(sur text)
SELECT count(*) FROM rec WHERE sur = :sur;
