-- bad: public 4 tag_drop: the public side only reads

-- exec: tag_drop(rec int)
WITH one AS (SELECT :rec AS rec) DELETE FROM tag WHERE rec IN (SELECT rec FROM one);
