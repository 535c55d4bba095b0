-- Core side of the voices. See db/migrations/0002_voices.sql for the tables.

-- one: video_by_key(key text)
SELECT id, code FROM video WHERE key = :key;

-- one: video_by_code(code text)
SELECT id, key FROM video WHERE code = :code;

-- one: video_last_id()
-- Of those that are gone and not yet gone for readers too.
SELECT COALESCE(MAX(id), 0) AS id__int
  FROM (SELECT MAX(id) AS id FROM video
        UNION ALL
        SELECT MAX(thing) FROM change_log WHERE kind = 'video') AS known;

-- many: video_ids()
SELECT id FROM video /* scan-ok: all of them are wanted */ ORDER BY id;

-- many: video_samples()
SELECT id FROM video /* scan-ok: videos are some thousands */ WHERE sample = 1;

-- one: video_count()
SELECT count(*) AS n__int FROM video /* scan-ok: all of them are counted */;

-- one: video_seen(id int)
-- All that decides whether readers see it.
SELECT v.held, v.captions <> '' OR EXISTS (SELECT 1 FROM track AS t
                                            WHERE t.video_id = v.id AND t.kind = 'captions'
                                              AND t.lang = v.lang) AS captioned__int,
       c.uses, c.name, c.face, c.voice, c.embargo, c.expires
  FROM video AS v LEFT JOIN consent AS c ON c.video_id = v.id
 WHERE v.id = :id;

-- many: video_rows()
-- For the list of a person who keeps them.
SELECT v.id, v.code, v.key, v.lang, c.review,
       (SELECT count(*) FROM track AS t WHERE t.video_id = v.id) AS tracks__int
  FROM video AS v /* scan-ok: all of them are wanted */ LEFT JOIN consent AS c ON c.video_id = v.id
 ORDER BY v.id;

-- one: video_head(id int)
SELECT code, sample, audio, lang, recorded, licence, duration FROM video WHERE id = :id;

-- exec: video_insert(id int, key text, code text, sample int, held int, audio int, lang text, recorded text, licence text, duration int, captions text, clock int, created int)
INSERT INTO video (id, key, code, sample, held, audio, lang, recorded, licence, duration, captions, clock, created)
VALUES (:id, :key, :code, :sample, :held, :audio, :lang, :recorded, :licence, :duration, :captions, :clock, :created);

-- exec: video_update(id int, held int, audio int, lang text, recorded text, licence text, duration int, captions text, clock int)
UPDATE video SET held = :held, audio = :audio, lang = :lang, recorded = :recorded, licence = :licence,
       duration = :duration, captions = :captions, clock = :clock
 WHERE id = :id;

-- exec: video_hold(id int, held int)
UPDATE video SET held = :held WHERE id = :id;

-- many: video_due(until int)
-- Videos whose embargo or consent has ended since the publisher looked last.
SELECT id FROM video /* scan-ok: videos are some thousands */ WHERE clock > 0 AND clock <= :until;

-- exec: video_set_clock(id int, clock int)
UPDATE video SET clock = :clock WHERE id = :id;

-- exec: video_delete(id int)
DELETE FROM video WHERE id = :id;

-- Consent.

-- one: consent_of(video_id int)
SELECT uses, name, face, voice, given, lang, embargo, expires, review FROM consent WHERE video_id = :video_id;

-- exec: consent_put(video_id int, uses text, name text, face text, voice text, given text, lang text, embargo int, expires int, review int)
INSERT INTO consent (video_id, uses, name, face, voice, given, lang, embargo, expires, review)
VALUES (:video_id, :uses, :name, :face, :voice, :given, :lang, :embargo, :expires, :review);

-- exec: consent_delete(video_id int)
DELETE FROM consent WHERE video_id = :video_id;

-- Words and subjects.

-- exec: wording_put(kind text, thing int, field text, lang text, text text)
INSERT INTO wording (kind, thing, field, lang, text) VALUES (:kind, :thing, :field, :lang, :text);

-- exec: wording_delete(kind text, thing int)
DELETE FROM wording WHERE kind = :kind AND thing = :thing;

-- many: wording_of(kind text, thing int)
SELECT field, lang, text FROM wording WHERE kind = :kind AND thing = :thing ORDER BY field, lang;

-- exec: subject_put(kind text, thing int, scheme text, code text)
INSERT INTO subject (kind, thing, scheme, code) VALUES (:kind, :thing, :scheme, :code);

-- exec: subject_delete(kind text, thing int)
DELETE FROM subject WHERE kind = :kind AND thing = :thing;

-- many: subject_of(kind text, thing int)
SELECT scheme, code FROM subject WHERE kind = :kind AND thing = :thing ORDER BY scheme, code;

-- People.

-- one: person_by_key(key text)
SELECT id FROM person WHERE key = :key;

-- one: person_of(id int)
SELECT code, name FROM person WHERE id = :id;

-- exec: person_insert(id int, key text, code text, name text)
INSERT INTO person (id, key, code, name) VALUES (:id, :key, :code, :name);

-- exec: person_rename(id int, name text)
UPDATE person SET name = :name WHERE id = :id;

-- one: voices_last_ids()
SELECT (SELECT COALESCE(MAX(id), 0) FROM person) AS person__int,
       (SELECT COALESCE(MAX(id), 0) FROM organisation) AS organisation__int,
       (SELECT COALESCE(MAX(id), 0) FROM post) AS post__int,
       (SELECT COALESCE(MAX(id), 0) FROM moment) AS moment__int,
       (SELECT COALESCE(MAX(id), 0) FROM track) AS track__int;

-- one: organisation_by_key(key text)
SELECT id FROM organisation WHERE key = :key;

-- one: organisation_of(id int)
SELECT code FROM organisation WHERE id = :id;

-- exec: organisation_insert(id int, key text, code text)
INSERT INTO organisation (id, key, code) VALUES (:id, :key, :code);

-- exec: post_insert(id int, person_id int, organisation_id int?, state text?, starts text, ends text)
INSERT INTO post (id, person_id, organisation_id, state, starts, ends)
VALUES (:id, :person_id, :organisation_id, :state, :starts, :ends);

-- one: post_of(id int)
SELECT organisation_id, state, starts, ends FROM post WHERE id = :id;

-- exec: speaker_put(video_id int, position int, person_id int, post_id int?)
INSERT INTO speaker (video_id, position, person_id, post_id) VALUES (:video_id, :position, :person_id, :post_id);

-- exec: speaker_delete(video_id int)
DELETE FROM speaker WHERE video_id = :video_id;

-- many: speakers_of(video_id int)
SELECT person_id, post_id FROM speaker WHERE video_id = :video_id ORDER BY position;

-- many: person_videos(person_id int)
SELECT DISTINCT video_id FROM speaker WHERE person_id = :person_id ORDER BY video_id;

-- Who speaks nowhere any more is forgotten, in this order.

-- exec: posts_sweep()
DELETE FROM post WHERE id NOT IN (SELECT post_id FROM speaker /* scan-ok: all of them count */ WHERE post_id IS NOT NULL);

-- exec: people_sweep()
DELETE FROM person WHERE id NOT IN (SELECT person_id FROM speaker /* scan-ok: all of them count */);

-- exec: organisations_sweep()
DELETE FROM organisation WHERE id NOT IN (SELECT organisation_id FROM post /* scan-ok: all of them count */ WHERE organisation_id IS NOT NULL);

-- exec: wordings_sweep()
DELETE FROM wording
 WHERE (kind = 'post' AND thing NOT IN (SELECT id FROM post))
    OR (kind = 'organisation' AND thing NOT IN (SELECT id FROM organisation))
    OR (kind = 'moment' AND thing NOT IN (SELECT id FROM moment));

-- Tracks, media, moments.

-- one: track_which(video_id int, kind text, lang text)
SELECT id, version, vtt FROM track WHERE video_id = :video_id AND kind = :kind AND lang = :lang;

-- exec: track_insert(id int, video_id int, kind text, lang text, origin text, reviewer text, reviewed int, score int, vtt text)
INSERT INTO track (id, video_id, kind, lang, origin, reviewer, reviewed, version, score, vtt)
VALUES (:id, :video_id, :kind, :lang, :origin, :reviewer, :reviewed, 1, :score, :vtt);

-- exec: track_update(id int, origin text, reviewer text, reviewed int, version int, score int, vtt text)
UPDATE track SET origin = :origin, reviewer = :reviewer, reviewed = :reviewed, version = :version,
       score = :score, vtt = :vtt
 WHERE id = :id;

-- many: tracks_of(video_id int)
SELECT kind, lang, origin, reviewed, version, vtt FROM track WHERE video_id = :video_id ORDER BY kind, lang;

-- exec: track_delete(video_id int)
DELETE FROM track WHERE video_id = :video_id;

-- exec: medium_put(video_id int, form text, digest text, type text, bytes int, width int, height int)
INSERT INTO medium (video_id, form, digest, type, bytes, width, height)
VALUES (:video_id, :form, :digest, :type, :bytes, :width, :height)
    ON CONFLICT (video_id, form) DO UPDATE SET digest = excluded.digest, type = excluded.type,
       bytes = excluded.bytes, width = excluded.width, height = excluded.height;

-- many: media_of(video_id int)
SELECT form, digest, type, bytes, width, height FROM medium WHERE video_id = :video_id ORDER BY form;

-- one: medium_users(digest text)
-- Also what is still to be made needs it.
SELECT (SELECT count(*) FROM medium WHERE digest = :digest)
     + (SELECT count(*) FROM job WHERE source = :digest) AS n__int;

-- exec: medium_delete(video_id int)
DELETE FROM medium WHERE video_id = :video_id;

-- exec: medium_drop(video_id int, form text)
DELETE FROM medium WHERE video_id = :video_id AND form = :form;

-- one: medium_of(video_id int, form text)
SELECT digest FROM medium WHERE video_id = :video_id AND form = :form;

-- many: media_used()
-- For looking whether all of them are there.
SELECT digest, MAX(bytes) AS bytes__int FROM medium /* scan-ok: all of them are wanted */ GROUP BY digest ORDER BY digest;

-- What is still to be made.

-- one: job_last_id()
SELECT COALESCE(MAX(id), 0) AS id__int FROM job;

-- exec: job_put(id int, video_id int, form text, source text)
INSERT INTO job (id, video_id, form, source, state, permille, attempts, message)
VALUES (:id, :video_id, :form, :source, 'waiting', 0, 0, '')
    ON CONFLICT (video_id, form) DO UPDATE SET source = excluded.source, state = 'waiting', permille = 0,
       attempts = 0, message = '';

-- one: job_next()
SELECT id, video_id, form, source, attempts FROM job WHERE state = 'waiting' ORDER BY id LIMIT 1;

-- one: job_of(id int)
SELECT video_id, form, state FROM job WHERE id = :id;

-- many: jobs()
SELECT j.id, j.form, j.state, j.permille, j.message, v.code, v.key
  FROM job AS j /* scan-ok: all of them are wanted */ JOIN video AS v ON v.id = j.video_id
 ORDER BY j.id;

-- many: job_sources()
SELECT DISTINCT source FROM job /* scan-ok: all of them are wanted */ WHERE source <> '';

-- many: jobs_of(video_id int)
SELECT source FROM job WHERE video_id = :video_id AND source <> '';

-- exec: job_set(id int, state text, permille int, attempts int, message text)
UPDATE job SET state = :state, permille = :permille, attempts = :attempts, message = :message WHERE id = :id;

-- exec: job_progress(id int, permille int)
UPDATE job SET permille = :permille WHERE id = :id;

-- many: jobs_in(state text)
SELECT id, source, permille, attempts FROM job WHERE state = :state ORDER BY id;

-- one: clip_known(video_id int, form text)
-- Whether a clip is there or waited for, and whether there is, or will be, a film.
SELECT (SELECT count(*) FROM medium AS m WHERE m.video_id = :video_id AND m.form = :form)
     + (SELECT count(*) FROM job AS j WHERE j.video_id = :video_id AND j.form = :form) AS n__int,
       EXISTS (SELECT 1 FROM medium AS m WHERE m.video_id = :video_id AND m.form IN ('video', '720p', '480p'))
    OR EXISTS (SELECT 1 FROM job AS j WHERE j.video_id = :video_id AND j.form IN ('video', '720p', '480p')) AS film__int;

-- exec: jobs_delete(video_id int)
DELETE FROM job WHERE video_id = :video_id;

-- exec: job_drop_form(video_id int, form text)
DELETE FROM job WHERE video_id = :video_id AND form = :form;

-- exec: job_drop(id int)
DELETE FROM job WHERE id = :id;

-- one: moment_span(code text)
SELECT starts, ends FROM moment WHERE code = :code;

-- one: moment_by_key(video_id int, key text)
SELECT id, code, starts, ends FROM moment WHERE video_id = :video_id AND key = :key;

-- many: moments_of(video_id int)
SELECT id, code, key, starts, ends FROM moment WHERE video_id = :video_id ORDER BY starts, id;

-- exec: moment_insert(id int, video_id int, key text, code text, starts int, ends int)
INSERT INTO moment (id, video_id, key, code, starts, ends) VALUES (:id, :video_id, :key, :code, :starts, :ends);

-- exec: moment_update(id int, starts int, ends int)
UPDATE moment SET starts = :starts, ends = :ends WHERE id = :id;

-- exec: moment_delete(id int)
DELETE FROM moment WHERE id = :id;

-- Withdrawal.

-- many: speaker_codes(video_id int)
-- What stands behind /people/ and /organisations/.
SELECT p.code FROM speaker AS s JOIN person AS p ON p.id = s.person_id WHERE s.video_id = :video_id
UNION
SELECT g.code
  FROM speaker AS s JOIN post AS o ON o.id = s.post_id JOIN organisation AS g ON g.id = o.organisation_id
 WHERE s.video_id = :video_id;

-- exec: withdrawal_put(code text, dated text, reason text)
INSERT INTO withdrawal (code, dated, reason) VALUES (:code, :dated, :reason)
    ON CONFLICT (code) DO NOTHING;

-- one: withdrawal_done(code text)
-- 1: it is withdrawn here, and nothing of it is left.
SELECT EXISTS (SELECT 1 FROM withdrawal WHERE code = :code)
   AND NOT EXISTS (SELECT 1 FROM video WHERE code = :code) AS done__int;

-- many: withdrawals()
SELECT code, dated, reason FROM withdrawal /* scan-ok: all of them are wanted */ ORDER BY code;
