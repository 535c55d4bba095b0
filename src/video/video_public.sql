-- Read side of the voices.

-- one: voice_by_code(code text)
SELECT id, code, sample, audio, lang, recorded, licence, duration, uses, named, face, voice
  FROM video WHERE code = :code;

-- one: voice_by_id(id int)
SELECT id, code, sample, lang, recorded, duration, uses FROM video WHERE id = :id;

-- one: voice_gone(code text)
SELECT code FROM gone WHERE code = :code;

-- many: voice_words(kind text, thing int)
SELECT field, lang, text FROM wording WHERE kind = :kind AND thing = :thing ORDER BY field, lang;

-- many: voice_subjects(kind text, thing int)
SELECT scheme, code FROM subject WHERE kind = :kind AND thing = :thing ORDER BY scheme, code;

-- many: voice_about(video_id int)
-- Of the video and of its moments.
SELECT scheme, code FROM subject WHERE kind = 'video' AND thing = :video_id
UNION
SELECT s.scheme, s.code FROM moment AS m JOIN subject AS s ON s.kind = 'moment' AND s.thing = m.id WHERE m.video_id = :video_id;

-- many: voice_speakers(video_id int)
SELECT p.id, p.code, p.name, s.post_id, o.state, o.organisation_id, g.code AS organisation_code
  FROM speaker AS s
  JOIN person AS p ON p.id = s.person_id
  LEFT JOIN post AS o ON o.id = s.post_id
  LEFT JOIN organisation AS g ON g.id = o.organisation_id
 WHERE s.video_id = :video_id
 ORDER BY s.position;

-- many: voice_tracks(video_id int)
SELECT kind, lang, origin, reviewed, version, length(vtt) AS bytes__int
  FROM track WHERE video_id = :video_id ORDER BY kind, lang;

-- one: voice_track(video_id int, kind text, lang text)
SELECT vtt, version FROM track WHERE video_id = :video_id AND kind = :kind AND lang = :lang;

-- many: voice_media(video_id int)
-- Of the whole: films of its moments, and the small picture that stands for the large one, are asked for by name.
SELECT form, digest, type, bytes, width, height FROM medium
 WHERE video_id = :video_id AND form NOT LIKE 'clip-%' AND form <> 'still' ORDER BY form;

-- one: voice_medium(video_id int, form text)
SELECT digest, type, bytes FROM medium WHERE video_id = :video_id AND form = :form;

-- many: voice_moments(video_id int)
SELECT id, code, starts, ends FROM moment WHERE video_id = :video_id ORDER BY starts, id;

-- one: voice_moment(code text)
SELECT m.id, m.code, m.starts, m.ends, m.video_id, v.code AS video_code
  FROM moment AS m JOIN video AS v ON v.id = m.video_id
 WHERE m.code = :code;

-- many: voices_list()
-- All of them, newest first: for what is kept in memory.
SELECT id FROM video /* scan-ok: once a version */ ORDER BY recorded DESC, id DESC;

-- many: library_facts()
-- What the library is narrowed by, by column and code; a video has each once. It is about what one of its moments is
-- about, too.
SELECT s.scheme AS column__text, s.code AS code__text, s.thing AS video__int
  FROM subject AS s WHERE s.kind = 'video' AND s.scheme IN ('issue', 'state')
UNION SELECT s.scheme, s.code, m.video_id
  FROM moment AS m /* scan-ok: all of these are wanted, once a version */
  JOIN subject AS s ON s.kind = 'moment' AND s.thing = m.id AND s.scheme IN ('issue', 'state')
UNION SELECT 'lang', v.lang, v.id FROM video AS v /* scan-ok: all of these are wanted, once a version */
UNION SELECT 'year', substr(v.recorded, 1, 4), v.id FROM video AS v WHERE v.recorded <> ''
UNION SELECT 'subtitles', t.lang, t.video_id FROM track AS t WHERE t.kind IN ('captions', 'subtitles')
UNION SELECT 'person', p.code, s.video_id
  FROM speaker AS s JOIN person AS p ON p.id = s.person_id WHERE p.name <> ''
UNION SELECT 'series', s.key, p.video_id FROM series_video AS p JOIN series AS s ON s.id = p.series_id
 ORDER BY 1, 2, 3;

-- many: library_names()
-- How people and series are called, by column and code; people in no language.
SELECT 'person' AS column__text, p.code AS code__text, '' AS lang__text, p.name AS name__text
  FROM person AS p /* scan-ok: all of these are wanted, once a version */ WHERE p.name <> ''
UNION ALL SELECT 'series', s.key, w.lang, w.text
  FROM series AS s JOIN wording AS w ON w.kind = 'series' AND w.thing = s.id AND w.field = 'title';

-- many: voices_moments_of(scheme text, code text, most int)
-- The newest moments that speak of something.
SELECT m.id, m.code, m.starts, m.ends, m.video_id, v.code AS video_code
  FROM subject AS s
  JOIN moment AS m ON m.id = s.thing
  JOIN video AS v ON v.id = m.video_id
 WHERE s.scheme = :scheme AND s.code = :code AND s.kind = 'moment'
 ORDER BY v.recorded DESC, m.starts, m.id
 LIMIT :most;

-- many: voice_recommendations(kind text, thing int)
-- What is spoken of, an attribution a row.
SELECT r.code, r.text, r.lang, r.sur, r.session, a.rs, a.response
  FROM subject AS s
  JOIN recommendation AS r ON r.code = s.code
  JOIN attribution AS a ON a.recommendation_id = r.id
 WHERE s.kind = :kind AND s.thing = :thing AND s.scheme = 'recommendation'
 ORDER BY r.session DESC, r.code, a.position;

-- one: voices_newest_quote()
SELECT m.id, m.code, m.starts, m.ends, m.video_id, v.code AS video_code
  FROM moment AS m JOIN video AS v ON v.id = m.video_id /* scan-ok: one row of some thousands, once a version */
 WHERE EXISTS (SELECT 1 FROM wording AS w WHERE w.kind = 'moment' AND w.thing = m.id AND w.field = 'quote')
 ORDER BY v.recorded DESC, v.id DESC, m.starts
 LIMIT 1;

-- People and organisations.

-- one: voice_person(code text)
SELECT id, name FROM person WHERE code = :code;

-- many: voice_person_posts(person_id int)
-- The functions in which somebody speaks, the latest first; the same one once a video.
SELECT o.id, o.state, o.starts, o.ends, o.organisation_id, g.code AS organisation_code
  FROM speaker AS s
  JOIN post AS o ON o.id = s.post_id
  JOIN video AS v ON v.id = s.video_id
  LEFT JOIN organisation AS g ON g.id = o.organisation_id
 WHERE s.person_id = :person_id
 ORDER BY o.starts DESC, v.recorded DESC, v.id DESC;

-- many: voice_person_videos(person_id int)
SELECT DISTINCT v.id, v.code, v.sample, v.lang, v.recorded, v.duration
  FROM speaker AS s JOIN video AS v ON v.id = s.video_id
 WHERE s.person_id = :person_id
 ORDER BY v.recorded DESC, v.id DESC
 LIMIT 100;

-- many: voice_person_moments(person_id int)
SELECT DISTINCT m.id, m.code, m.starts, m.ends, v.id AS video_id, v.code AS video_code, v.lang, v.recorded
  FROM speaker AS s
  JOIN video AS v ON v.id = s.video_id
  JOIN moment AS m ON m.video_id = v.id
 WHERE s.person_id = :person_id
 ORDER BY v.recorded DESC, v.id DESC, m.starts
 LIMIT 20;

-- one: voice_organisation(code text)
SELECT id FROM organisation WHERE code = :code;

-- many: voice_organisation_people(organisation_id int)
-- Those whose name may be shown.
SELECT DISTINCT p.code, p.name
  FROM post AS o /* scan-ok: speakers are some thousands */
  JOIN speaker AS s ON s.post_id = o.id
  JOIN person AS p ON p.id = s.person_id
 WHERE o.organisation_id = :organisation_id AND p.name <> ''
 ORDER BY p.name, p.code
 LIMIT 200;

-- many: voice_organisation_videos(organisation_id int)
SELECT DISTINCT v.id, v.code, v.sample, v.lang, v.recorded, v.duration
  FROM post AS o /* scan-ok: speakers are some thousands */
  JOIN speaker AS s ON s.post_id = o.id
  JOIN video AS v ON v.id = s.video_id
 WHERE o.organisation_id = :organisation_id
 ORDER BY v.recorded DESC, v.id DESC
 LIMIT 100;

-- For the search in what is written about the voices.

-- many: names_of_videos()
SELECT v.id, w.lang, w.text, COALESCE(d.text, '') AS more__text
  FROM video AS v
  JOIN wording AS w ON w.kind = 'video' AND w.thing = v.id AND w.field = 'title'
  LEFT JOIN wording AS d ON d.kind = 'video' AND d.thing = v.id AND d.field = 'description' AND d.lang = w.lang
 ORDER BY v.recorded DESC, v.id DESC, w.lang;

-- many: names_of_quotes()
SELECT m.id, m.video_id, w.lang, w.text, COALESCE(d.text, '') AS more__text
  FROM moment AS m
  JOIN video AS v ON v.id = m.video_id
  JOIN wording AS w ON w.kind = 'moment' AND w.thing = m.id AND w.field = 'quote'
  LEFT JOIN wording AS d ON d.kind = 'moment' AND d.thing = m.id AND d.field = 'title' AND d.lang = w.lang
 ORDER BY v.recorded DESC, v.id DESC, m.starts, m.id, w.lang;

-- many: names_of_people()
-- A row for each language of the function, or else of the organisation; one without any where there is neither.
SELECT DISTINCT p.id, p.name AS text, COALESCE(f.lang, g.lang, '') AS lang__text,
       COALESCE(f.text, '') || ' ' || COALESCE(g.text, '') AS more__text
  FROM person AS p
  JOIN speaker AS s /* scan-ok: all of them are wanted */ ON s.person_id = p.id
  LEFT JOIN post AS o ON o.id = s.post_id
  LEFT JOIN wording AS f ON f.kind = 'post' AND f.thing = o.id AND f.field = 'function'
  LEFT JOIN wording AS g ON g.kind = 'organisation' AND g.thing = o.organisation_id AND g.field = 'name'
                        AND (f.lang IS NULL OR g.lang = f.lang)
 ORDER BY p.name, p.id, lang__text;

-- many: names_person_videos(person_id int)
SELECT DISTINCT video_id FROM speaker WHERE person_id = :person_id;

-- one: found_person_row(id int)
SELECT code, name FROM person WHERE id = :id;

-- one: found_moment_row(id int)
SELECT m.id, m.code, m.starts, m.ends, v.id AS video_id, v.code AS video_code, v.lang, v.sample
  FROM moment AS m JOIN video AS v ON v.id = m.video_id
 WHERE m.id = :id;

-- For a pack.

-- many: pack_series_codes(key text)
SELECT v.code FROM series AS s JOIN series_video AS p ON p.series_id = s.id JOIN video AS v ON v.id = p.video_id
 WHERE s.key = :key ORDER BY p.position;

-- one: pack_series_title(key text, lang text)
-- In LANG, otherwise in English, otherwise in any language.
SELECT w.text FROM series AS s JOIN wording AS w ON w.kind = 'series' AND w.thing = s.id AND w.field = 'title'
 WHERE s.key = :key ORDER BY w.lang <> :lang, w.lang <> 'en', w.lang LIMIT 1;
