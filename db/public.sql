-- The read model: what readers may see and nothing else. Derived from the core store by the publisher
-- and never migrated: when the version below moves, the file is made anew (`tribune rebuild`).

-- One row. version moves only when a byte that readers can see has moved.
CREATE TABLE edition (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	version INTEGER NOT NULL,
	epoch TEXT NOT NULL -- tells a store from its restored self: the version may repeat, this does not
) STRICT;

-- The version at which the rows of one kind of thing last moved: only its segment is rebuilt.
-- digest: of all rows, for kinds that are published whole.
CREATE TABLE kind_version (
	kind TEXT PRIMARY KEY,
	version INTEGER NOT NULL,
	digest TEXT NOT NULL
) STRICT;

CREATE TABLE scheme (
	code TEXT PRIMARY KEY,
	version TEXT NOT NULL,
	source TEXT NOT NULL,
	licence TEXT NOT NULL
) STRICT;

CREATE TABLE scheme_title (
	scheme TEXT NOT NULL,
	lang TEXT NOT NULL,
	title TEXT NOT NULL,
	PRIMARY KEY (scheme, lang)
) STRICT;

CREATE TABLE concept (
	scheme TEXT NOT NULL,
	code TEXT NOT NULL,
	position INTEGER NOT NULL,
	class TEXT NOT NULL,
	query INTEGER NOT NULL,
	PRIMARY KEY (scheme, code)
) STRICT;

CREATE TABLE concept_label (
	scheme TEXT NOT NULL,
	code TEXT NOT NULL,
	lang TEXT NOT NULL,
	kind TEXT NOT NULL,
	label TEXT NOT NULL,
	origin TEXT NOT NULL,
	PRIMARY KEY (scheme, code, lang, kind, label)
) STRICT;

CREATE TABLE state (
	iso3 TEXT PRIMARY KEY,
	iso2 TEXT NOT NULL,
	status TEXT NOT NULL,
	regional_group TEXT
) STRICT;

CREATE TABLE state_name (
	iso3 TEXT NOT NULL,
	lang TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (iso3, lang, kind, name)
) STRICT;

CREATE TABLE membership (
	organisation TEXT NOT NULL,
	iso3 TEXT NOT NULL,
	valid_from TEXT,
	valid_to TEXT,
	source TEXT NOT NULL,
	PRIMARY KEY (iso3, organisation)
) STRICT;

CREATE TABLE cycle (
	number INTEGER PRIMARY KEY,
	starts TEXT,
	ends TEXT
) STRICT;

CREATE TABLE session (
	number INTEGER PRIMARY KEY,
	cycle INTEGER NOT NULL,
	starts TEXT,
	ends TEXT,
	source TEXT NOT NULL
) STRICT;

CREATE TABLE review (
	iso3 TEXT NOT NULL,
	cycle INTEGER NOT NULL,
	session INTEGER NOT NULL,
	status TEXT NOT NULL,
	note TEXT,
	source TEXT NOT NULL,
	PRIMARY KEY (iso3, cycle, session)
) STRICT;

-- Where the record comes from: each export or document that is public, under a digest of itself.
CREATE TABLE source (
	code TEXT PRIMARY KEY,
	publisher TEXT NOT NULL,
	dated TEXT NOT NULL,
	part TEXT NOT NULL, -- which part of an export that comes in several files
	format TEXT NOT NULL,
	columns TEXT NOT NULL, -- the header row as a JSON list
	sample INTEGER NOT NULL,
	recommendations INTEGER NOT NULL, -- 1: it holds some
	pledges INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendation (
	id INTEGER PRIMARY KEY,
	code TEXT NOT NULL UNIQUE,
	kind TEXT NOT NULL,
	sample INTEGER NOT NULL,
	sur TEXT NOT NULL,
	session INTEGER NOT NULL,
	text TEXT NOT NULL,
	lang TEXT NOT NULL,
	place INTEGER NOT NULL, -- its row in the source that stands: the order within a review
	digest TEXT NOT NULL -- of all that readers can see of it
) STRICT;

-- A recommendation and one recommending State; rs is NULL for a pledge and where nobody is named.
CREATE TABLE attribution (
	recommendation_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	rs TEXT,
	response TEXT NOT NULL,
	action INTEGER NOT NULL,
	issues TEXT NOT NULL,
	sdgs TEXT NOT NULL,
	PRIMARY KEY (recommendation_id, position)
) STRICT, WITHOUT ROWID;

-- What each source says of an attribution, the one that stands first.
CREATE TABLE statement (
	recommendation_id INTEGER NOT NULL,
	position INTEGER NOT NULL, -- of the attribution
	rank INTEGER NOT NULL, -- 0: this one stands
	source TEXT NOT NULL,
	sheet TEXT NOT NULL,
	row_number INTEGER NOT NULL,
	response TEXT NOT NULL,
	action INTEGER NOT NULL,
	issues TEXT NOT NULL,
	sdgs TEXT NOT NULL,
	raw TEXT NOT NULL, -- the cells as read, in the order of source.columns, as a JSON list
	PRIMARY KEY (recommendation_id, position, rank)
) STRICT, WITHOUT ROWID;

-- The voices. Words about a thing, a language each.
CREATE TABLE wording (
	kind TEXT NOT NULL,
	thing INTEGER NOT NULL,
	field TEXT NOT NULL,
	lang TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (kind, thing, field, lang)
) STRICT, WITHOUT ROWID;

CREATE TABLE subject (
	kind TEXT NOT NULL,
	thing INTEGER NOT NULL,
	scheme TEXT NOT NULL,
	code TEXT NOT NULL,
	PRIMARY KEY (kind, thing, scheme, code)
) STRICT, WITHOUT ROWID;

CREATE INDEX subject_code ON subject (scheme, code);

CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	code TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL
) STRICT;

CREATE TABLE organisation (
	id INTEGER PRIMARY KEY,
	code TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE post (
	id INTEGER PRIMARY KEY,
	organisation_id INTEGER,
	state TEXT,
	starts TEXT NOT NULL,
	ends TEXT NOT NULL
) STRICT;

-- uses: what its people agreed to beside being shown here: download, embed, translation, archive.
CREATE TABLE video (
	id INTEGER PRIMARY KEY,
	code TEXT NOT NULL UNIQUE,
	sample INTEGER NOT NULL,
	audio INTEGER NOT NULL,
	lang TEXT NOT NULL,
	recorded TEXT NOT NULL,
	licence TEXT NOT NULL,
	duration INTEGER NOT NULL,
	uses TEXT NOT NULL,
	named TEXT NOT NULL,
	face TEXT NOT NULL,
	voice TEXT NOT NULL,
	digest TEXT NOT NULL -- of all that readers can see of it
) STRICT;

CREATE TABLE speaker (
	video_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	post_id INTEGER,
	PRIMARY KEY (video_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX speaker_person ON speaker (person_id);
CREATE INDEX speaker_post ON speaker (post_id);

CREATE TABLE track (
	video_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	lang TEXT NOT NULL,
	origin TEXT NOT NULL,
	reviewed INTEGER NOT NULL,
	version INTEGER NOT NULL,
	vtt TEXT NOT NULL,
	PRIMARY KEY (video_id, kind, lang)
) STRICT;

CREATE TABLE medium (
	video_id INTEGER NOT NULL,
	form TEXT NOT NULL,
	digest TEXT NOT NULL,
	type TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	PRIMARY KEY (video_id, form)
) STRICT, WITHOUT ROWID;

CREATE TABLE moment (
	id INTEGER PRIMARY KEY,
	video_id INTEGER NOT NULL,
	code TEXT NOT NULL UNIQUE,
	starts INTEGER NOT NULL,
	ends INTEGER NOT NULL
) STRICT;

CREATE INDEX moment_video ON moment (video_id, starts);

-- Series of which at least one video is there, with those of their videos and moments that are.
CREATE TABLE series (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL UNIQUE,
	sample INTEGER NOT NULL
) STRICT;

CREATE TABLE section (
	id INTEGER PRIMARY KEY,
	series_id INTEGER NOT NULL,
	position INTEGER NOT NULL
) STRICT;

CREATE INDEX section_series ON section (series_id, position);

CREATE TABLE series_video (
	series_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	video_id INTEGER NOT NULL,
	PRIMARY KEY (series_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX series_video_which ON series_video (video_id);

CREATE TABLE section_quote (
	section_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	moment_id INTEGER NOT NULL,
	PRIMARY KEY (section_id, position)
) STRICT, WITHOUT ROWID;

-- Addresses of what was withdrawn: they answer 410, all alike.
CREATE TABLE gone (
	code TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
