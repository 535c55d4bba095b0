-- bad: core 4 parameter $sur is not declared

-- many: rec_list(sur text)
SELECT id FROM rec WHERE sur = $sur OR sur = :sur;
