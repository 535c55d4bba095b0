-- bad: core 3 rec_list: its kind is one, many or each: it answers rows

-- exec: rec_list(sur text)
SELECT id FROM rec WHERE sur = :sur;
