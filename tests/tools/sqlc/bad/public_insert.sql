-- bad: public 4 tag_add: the public side only reads

-- exec: tag_add(rec int)
INSERT INTO tag (rec, issue) VALUES (:rec, 'media');
