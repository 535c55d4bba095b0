-- bad: core 3 column n__number: name its type, AS name__int, __text, __real, __blob or ..._null

-- one: rec_count(sur text)
SELECT count(*) AS n__number FROM rec WHERE sur = :sur;
