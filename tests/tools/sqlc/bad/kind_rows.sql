-- bad: core 3 rec_drop: its kind is exec: it answers no rows

-- one: rec_drop(id int)
DELETE FROM rec WHERE id = :id;
