-- Read side of the series.

-- one: series_page_by_key(key text)
SELECT id, sample FROM series WHERE key = :key;

-- many: series_list()
SELECT s.id, s.key, s.sample, count(*) AS videos__int, sum(v.duration) AS duration__int
  FROM series AS s /* scan-ok: all of them are wanted, and they are some dozens */
  JOIN series_video AS p ON p.series_id = s.id
  JOIN video AS v ON v.id = p.video_id
 GROUP BY s.id ORDER BY s.key;

-- many: series_page_videos(series_id int)
SELECT v.id, v.code, v.lang, v.recorded, v.duration, v.uses
  FROM series_video AS p JOIN video AS v ON v.id = p.video_id
 WHERE p.series_id = :series_id ORDER BY p.position;

-- many: series_page_sections(series_id int)
SELECT id FROM section WHERE series_id = :series_id ORDER BY position;

-- many: series_page_quotes(section_id int)
SELECT m.id, m.code, m.starts, m.ends, v.id AS video_id, v.code AS video_code, v.lang
  FROM section_quote AS q
  JOIN moment AS m ON m.id = q.moment_id
  JOIN video AS v ON v.id = m.video_id
 WHERE q.section_id = :section_id ORDER BY q.position;

-- one: series_of_video(code text)
-- The first of the series that a video belongs to.
SELECT s.id, s.key
  FROM video AS v
  JOIN series_video AS p ON p.video_id = v.id
  JOIN series AS s ON s.id = p.series_id
 WHERE v.code = :code ORDER BY s.key LIMIT 1;
