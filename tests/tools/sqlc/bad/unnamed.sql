-- bad: core 3 column count(*): name its type, AS name__int, __text, __real, __blob or ..._null

-- one: rec_count(sur text)
SELECT count(*) FROM rec WHERE sur = :sur;
