-- bad: core 3 rec_add: its kind is one, many or each: it answers rows

-- exec-changes: rec_add(rec int)
INSERT INTO tag (rec, issue) VALUES (:rec, 'media') RETURNING rec;
