-- The publisher's writes to the public side of the voices.

-- one: video_public_digest(id int)
SELECT digest FROM video WHERE id = :id;

-- exec: video_public_put(id int, code text, sample int, audio int, lang text, recorded text, licence text, duration int, uses text, named text, face text, voice text, digest text)
INSERT INTO video (id, code, sample, audio, lang, recorded, licence, duration, uses, named, face, voice, digest)
VALUES (:id, :code, :sample, :audio, :lang, :recorded, :licence, :duration, :uses, :named, :face, :voice, :digest);

-- exec: video_public_delete(id int)
DELETE FROM video WHERE id = :id;

-- exec: public_wording_put(kind text, thing int, field text, lang text, text text)
INSERT INTO wording (kind, thing, field, lang, text) VALUES (:kind, :thing, :field, :lang, :text)
    ON CONFLICT (kind, thing, field, lang) DO UPDATE SET text = excluded.text;

-- exec: public_wording_delete(kind text, thing int)
DELETE FROM wording WHERE kind = :kind AND thing = :thing;

-- exec: public_subject_put(kind text, thing int, scheme text, code text)
INSERT INTO subject (kind, thing, scheme, code) VALUES (:kind, :thing, :scheme, :code);

-- exec: public_subject_delete(kind text, thing int)
DELETE FROM subject WHERE kind = :kind AND thing = :thing;

-- exec: public_person_put(id int, code text, name text)
INSERT INTO person (id, code, name) VALUES (:id, :code, :name)
    ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name;

-- exec: public_organisation_put(id int, code text)
INSERT INTO organisation (id, code) VALUES (:id, :code)
    ON CONFLICT (id) DO UPDATE SET code = excluded.code;

-- exec: public_post_put(id int, organisation_id int?, state text?, starts text, ends text)
INSERT INTO post (id, organisation_id, state, starts, ends)
VALUES (:id, :organisation_id, :state, :starts, :ends)
    ON CONFLICT (id) DO UPDATE SET organisation_id = excluded.organisation_id, state = excluded.state,
       starts = excluded.starts, ends = excluded.ends;

-- exec: public_speaker_put(video_id int, position int, person_id int, post_id int?)
INSERT INTO speaker (video_id, position, person_id, post_id) VALUES (:video_id, :position, :person_id, :post_id);

-- exec: public_speaker_delete(video_id int)
DELETE FROM speaker WHERE video_id = :video_id;

-- exec: public_track_put(video_id int, kind text, lang text, origin text, reviewed int, version int, vtt text)
INSERT INTO track (video_id, kind, lang, origin, reviewed, version, vtt)
VALUES (:video_id, :kind, :lang, :origin, :reviewed, :version, :vtt);

-- exec: public_track_delete(video_id int)
DELETE FROM track WHERE video_id = :video_id;

-- exec: public_medium_put(video_id int, form text, digest text, type text, bytes int, width int, height int)
INSERT INTO medium (video_id, form, digest, type, bytes, width, height)
VALUES (:video_id, :form, :digest, :type, :bytes, :width, :height);

-- exec: public_medium_delete(video_id int)
DELETE FROM medium WHERE video_id = :video_id;

-- exec: public_moment_put(id int, video_id int, code text, starts int, ends int)
INSERT INTO moment (id, video_id, code, starts, ends) VALUES (:id, :video_id, :code, :starts, :ends);

-- many: public_moments_of(video_id int)
SELECT id FROM moment WHERE video_id = :video_id;

-- exec: public_moment_delete(id int)
DELETE FROM moment WHERE id = :id;

-- Who speaks nowhere in public any more goes, in this order.

-- exec: public_posts_sweep()
DELETE FROM post WHERE id NOT IN (SELECT post_id FROM speaker /* scan-ok: all of them count */ WHERE post_id IS NOT NULL);

-- exec: public_people_sweep()
DELETE FROM person WHERE id NOT IN (SELECT person_id FROM speaker /* scan-ok: all of them count */);

-- exec: public_organisations_sweep()
DELETE FROM organisation
 WHERE id NOT IN (SELECT organisation_id FROM post /* scan-ok: all of them count */ WHERE organisation_id IS NOT NULL);

-- exec: public_wordings_sweep()
DELETE FROM wording
 WHERE (kind = 'post' AND thing NOT IN (SELECT id FROM post))
    OR (kind = 'organisation' AND thing NOT IN (SELECT id FROM organisation));

-- exec: gone_clear()
DELETE FROM gone;

-- exec: gone_put(code text)
INSERT INTO gone (code) VALUES (:code);
