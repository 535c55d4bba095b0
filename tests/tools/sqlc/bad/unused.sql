-- bad: core 3 parameter b is not used

-- many: rec_list(sur text, b int)
SELECT id FROM rec WHERE sur = :sur;
