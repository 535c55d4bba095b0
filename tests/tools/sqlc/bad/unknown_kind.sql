-- bad: core 3 kind 'all': it is one, many, each, exec or exec-changes

-- all: rec_list(sur text)
SELECT id FROM rec WHERE sur = :sur;
