-- Core side of the series. See db/migrations/0002_voices.sql for the tables.

-- one: series_by_key(key text)
SELECT id FROM series WHERE key = :key;

-- one: series_count()
SELECT count(*) AS n__int FROM series /* scan-ok: all of them are counted */;

-- one: series_last_ids()
SELECT (SELECT COALESCE(MAX(id), 0) FROM series) AS series__int,
       (SELECT COALESCE(MAX(id), 0) FROM section) AS section__int;

-- many: series_samples()
SELECT id FROM series /* scan-ok: series are some dozens */ WHERE sample = 1;

-- many: series_rows()
SELECT s.id, s.key, s.sample, s.held,
       (SELECT count(*) FROM series_video AS v WHERE v.series_id = s.id) AS videos__int,
       (SELECT count(*) FROM section AS p WHERE p.series_id = s.id) AS sections__int
  FROM series AS s /* scan-ok: all of them are wanted */ ORDER BY s.key;

-- exec: series_insert(id int, key text, sample int, held int)
INSERT INTO series (id, key, sample, held) VALUES (:id, :key, :sample, :held);

-- exec: series_delete(id int)
DELETE FROM series WHERE id = :id;

-- exec: section_insert(id int, series_id int, position int)
INSERT INTO section (id, series_id, position) VALUES (:id, :series_id, :position);

-- exec: section_delete(id int)
DELETE FROM section WHERE id = :id;

-- many: sections_of(series_id int)
SELECT id FROM section WHERE series_id = :series_id ORDER BY position;

-- exec: series_video_put(series_id int, position int, video_id int)
INSERT INTO series_video (series_id, position, video_id) VALUES (:series_id, :position, :video_id);

-- exec: series_video_delete(series_id int)
DELETE FROM series_video WHERE series_id = :series_id;

-- many: series_videos_of(series_id int)
SELECT video_id FROM series_video WHERE series_id = :series_id ORDER BY position;

-- exec: section_quote_put(section_id int, position int, moment_id int)
INSERT INTO section_quote (section_id, position, moment_id) VALUES (:section_id, :position, :moment_id);

-- exec: section_quote_delete(section_id int)
DELETE FROM section_quote WHERE section_id = :section_id;

-- many: section_quotes_of(section_id int)
SELECT q.moment_id, m.video_id
  FROM section_quote AS q JOIN moment AS m ON m.id = q.moment_id
 WHERE q.section_id = :section_id ORDER BY q.position;

-- What a file names.

-- one: series_video_named(key text)
SELECT id FROM video WHERE key = :key;

-- one: series_moment_named(video_id int, key text)
SELECT id FROM moment WHERE video_id = :video_id AND key = :key;
