-- bad: core 4 OR is not for the core side: write ON CONFLICT (...) DO

-- exec: tag_add(rec int)
INSERT OR IGNORE INTO tag (rec, issue) VALUES (:rec, 'media');
