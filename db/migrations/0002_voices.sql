-- The voices: people who speak, videos, their tracks and moments. src/video/
-- Names and words of people are erased when they withdraw: no value of these tables is copied anywhere
-- else in the core.

-- What is said about a thing, a language each; a page without the reader's language shows another one
-- and says so. kind: what THING is the number of. field: title, description, place, function, ...
CREATE TABLE wording (
	kind TEXT NOT NULL CHECK (kind IN ('video', 'moment', 'post', 'organisation', 'series', 'section')),
	thing INTEGER NOT NULL,
	field TEXT NOT NULL,
	lang TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (kind, thing, field, lang)
) STRICT;

-- What a video or a moment is about. scheme: issue, sdg, state, recommendation (its code).
CREATE TABLE subject (
	kind TEXT NOT NULL CHECK (kind IN ('video', 'moment')),
	thing INTEGER NOT NULL,
	scheme TEXT NOT NULL CHECK (scheme IN ('issue', 'sdg', 'state', 'recommendation')),
	code TEXT NOT NULL,
	PRIMARY KEY (kind, thing, scheme, code)
) STRICT;

-- name: as consented to; '' when none may be shown. key: the editors' own word for them, never public.
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL,
	code TEXT NOT NULL, -- public address, /people/CODE; random
	name TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX person_key ON person (key);
CREATE UNIQUE INDEX person_code ON person (code);

CREATE TABLE organisation (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL,
	code TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX organisation_key ON organisation (key);

-- In what function somebody speaks: one person may have several over time.
CREATE TABLE post (
	id INTEGER PRIMARY KEY,
	person_id INTEGER NOT NULL REFERENCES person (id),
	organisation_id INTEGER REFERENCES organisation (id),
	state TEXT REFERENCES state (iso3),
	starts TEXT NOT NULL, -- ISO dates as precise as known, or ''
	ends TEXT NOT NULL
) STRICT;

CREATE INDEX post_person ON post (person_id);

-- captions: the reason why it may be public without captions in its language, or ''.
-- clock: when the publisher has to look again because an embargo or a consent ends; 0: never.
CREATE TABLE video (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL, -- the editors' own word for it, never public
	code TEXT NOT NULL, -- public address, /v/CODE
	sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
	held INTEGER NOT NULL CHECK (held IN (0, 1)),
	audio INTEGER NOT NULL CHECK (audio IN (0, 1)), -- 1: sound alone
	lang TEXT NOT NULL, -- spoken
	recorded TEXT NOT NULL,
	licence TEXT NOT NULL,
	duration INTEGER NOT NULL, -- milliseconds
	captions TEXT NOT NULL,
	clock INTEGER NOT NULL,
	created INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX video_key ON video (key);
CREATE UNIQUE INDEX video_code ON video (code);

-- What the people in a video agreed to. No row: nothing. uses: site, download, embed, translation,
-- archive, a blank between them. name: full, first, pseudonym, organisation, none. face and voice: as-is,
-- altered, none. Moments in time are seconds since 1970 UTC, 0 where there is none.
CREATE TABLE consent (
	video_id INTEGER PRIMARY KEY REFERENCES video (id),
	uses TEXT NOT NULL,
	name TEXT NOT NULL,
	face TEXT NOT NULL,
	voice TEXT NOT NULL,
	given TEXT NOT NULL, -- ISO date
	lang TEXT NOT NULL, -- in which it was explained
	embargo INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	review INTEGER NOT NULL
) STRICT;

CREATE TABLE speaker (
	video_id INTEGER NOT NULL REFERENCES video (id),
	position INTEGER NOT NULL,
	person_id INTEGER NOT NULL REFERENCES person (id),
	post_id INTEGER REFERENCES post (id),
	PRIMARY KEY (video_id, position)
) STRICT;

CREATE INDEX speaker_person ON speaker (person_id);

-- vtt: the one text that everything of a track is read from (src/subtitle/subtitle.h).
CREATE TABLE track (
	id INTEGER PRIMARY KEY,
	video_id INTEGER NOT NULL REFERENCES video (id),
	kind TEXT NOT NULL CHECK (kind IN ('captions', 'subtitles', 'descriptions', 'chapters')),
	lang TEXT NOT NULL,
	origin TEXT NOT NULL CHECK (origin IN ('human', 'machine', 'volunteer')),
	reviewer TEXT NOT NULL, -- private
	reviewed INTEGER NOT NULL CHECK (reviewed IN (0, 1)),
	version INTEGER NOT NULL,
	score INTEGER NOT NULL, -- of the quality check, 0 to 100
	vtt TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX track_which ON track (video_id, kind, lang);

-- A file in DATA/media under the digest of its bytes. form: video, 240p, 480p, 720p, opus, aac, poster, still,
-- clip-CODE of a moment.
CREATE TABLE medium (
	video_id INTEGER NOT NULL REFERENCES video (id),
	form TEXT NOT NULL,
	digest TEXT NOT NULL,
	type TEXT NOT NULL, -- as in Content-Type
	bytes INTEGER NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	PRIMARY KEY (video_id, form)
) STRICT;

CREATE INDEX medium_digest ON medium (digest);

-- A file that is still to be made. source: the digest of what was handed in, which is kept in DATA/media until the
-- last of its jobs is done, and never public; '' for a clip, which is cut from the film that readers have.
CREATE TABLE job (
	id INTEGER PRIMARY KEY, -- in this order
	video_id INTEGER NOT NULL REFERENCES video (id),
	form TEXT NOT NULL,
	source TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'failed')),
	permille INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	message TEXT NOT NULL -- why it failed
) STRICT;

CREATE UNIQUE INDEX job_form ON job (video_id, form);
CREATE INDEX job_source ON job (source);
CREATE INDEX job_state ON job (state, id);

-- A span of a video, milliseconds. Its words: title, synopsis, quote.
CREATE TABLE moment (
	id INTEGER PRIMARY KEY,
	video_id INTEGER NOT NULL REFERENCES video (id),
	key TEXT NOT NULL, -- tells it from the others of its video when the metadata come again; private
	code TEXT NOT NULL, -- public address, /m/CODE
	starts INTEGER NOT NULL,
	ends INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX moment_code ON moment (code);
CREATE UNIQUE INDEX moment_key ON moment (video_id, key);

-- Videos that belong together, with questions as sections and moments that answer them. src/series/
CREATE TABLE series (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL, -- public address, /series/KEY
	sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
	held INTEGER NOT NULL CHECK (held IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX series_key ON series (key);

CREATE TABLE section (
	id INTEGER PRIMARY KEY,
	series_id INTEGER NOT NULL REFERENCES series (id),
	position INTEGER NOT NULL
) STRICT;

CREATE INDEX section_series ON section (series_id, position);

-- What a series names goes from it when it is erased: nothing of a withdrawn video stays in one.
CREATE TABLE series_video (
	series_id INTEGER NOT NULL REFERENCES series (id),
	position INTEGER NOT NULL,
	video_id INTEGER NOT NULL REFERENCES video (id) ON DELETE CASCADE,
	PRIMARY KEY (series_id, position)
) STRICT;

CREATE INDEX series_video_which ON series_video (video_id);

CREATE TABLE section_quote (
	section_id INTEGER NOT NULL REFERENCES section (id),
	position INTEGER NOT NULL,
	moment_id INTEGER NOT NULL REFERENCES moment (id) ON DELETE CASCADE,
	PRIMARY KEY (section_id, position)
) STRICT;

CREATE INDEX section_quote_which ON section_quote (moment_id);

-- All that is left of a video whose people took their consent back. Also kept in DATA/withdrawn, which no
-- restore replaces.
CREATE TABLE withdrawal (
	code TEXT PRIMARY KEY,
	dated TEXT NOT NULL,
	reason TEXT NOT NULL
) STRICT;
