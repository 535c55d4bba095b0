-- The core store: everything that was ever told to this library, and by whom.
-- Read it from the bottom: a source row is what one line of one file says; what a recommendation
-- says is computed from its source rows (src/recommendation/recommendation.c) and stored nowhere
-- here, so that an import can be undone in any order.

-- What the program remembers about this store itself: the fingerprint of the reference data, how
-- far the publisher has read.
CREATE TABLE setting (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT;

-- Vocabularies: issues, actions, responses, SDGs, treaties, groups. src/vocabulary/
CREATE TABLE scheme (
	code TEXT PRIMARY KEY,
	version TEXT NOT NULL,
	source TEXT NOT NULL,
	licence TEXT NOT NULL
) STRICT;

CREATE TABLE scheme_title (
	scheme TEXT NOT NULL REFERENCES scheme (code),
	lang TEXT NOT NULL,
	title TEXT NOT NULL,
	PRIMARY KEY (scheme, lang)
) STRICT;

-- class: what statistics count a response as; empty elsewhere.
-- query: 1 when a visitor who types one of its names means it; 0 for words as common as "Other".
CREATE TABLE concept (
	scheme TEXT NOT NULL REFERENCES scheme (code),
	code TEXT NOT NULL,
	position INTEGER NOT NULL,
	class TEXT NOT NULL,
	query INTEGER NOT NULL CHECK (query IN (0, 1)),
	PRIMARY KEY (scheme, code)
) STRICT;

-- kind: label (the whole name), short (where room is scarce), note (what it covers),
-- alias and acronym (other ways to say all of it, to find it by).
-- origin: whose words: source (the vocabulary's own), ours (our translation or addition).
CREATE TABLE concept_label (
	scheme TEXT NOT NULL,
	code TEXT NOT NULL,
	lang TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('label', 'short', 'note', 'alias', 'acronym')),
	label TEXT NOT NULL,
	origin TEXT NOT NULL CHECK (origin IN ('source', 'ours')),
	PRIMARY KEY (scheme, code, lang, kind, label),
	FOREIGN KEY (scheme, code) REFERENCES concept (scheme, code)
) STRICT;

-- States, and what they are members of. src/state/
CREATE TABLE state (
	iso3 TEXT PRIMARY KEY,
	iso2 TEXT NOT NULL,
	m49 TEXT NOT NULL,
	status TEXT NOT NULL CHECK (status IN ('member', 'observer')),
	regional_group TEXT -- NULL for observers
) STRICT;

CREATE TABLE state_name (
	iso3 TEXT NOT NULL REFERENCES state (iso3),
	lang TEXT NOT NULL, -- '' where one spelling serves several languages
	kind TEXT NOT NULL CHECK (kind IN ('name', 'short', 'formal', 'former', 'alternative')),
	name TEXT NOT NULL,
	valid_from TEXT, -- ISO dates, only where a source is cited
	valid_to TEXT,
	source TEXT NOT NULL,
	PRIMARY KEY (iso3, lang, kind, name)
) STRICT;

CREATE TABLE membership (
	organisation TEXT NOT NULL,
	iso3 TEXT NOT NULL REFERENCES state (iso3),
	valid_from TEXT,
	valid_to TEXT,
	source TEXT NOT NULL,
	PRIMARY KEY (iso3, organisation)
) STRICT;

-- Cycles, sessions, reviews: data, never constants, because the calendar breaks. src/review/
CREATE TABLE cycle (
	number INTEGER PRIMARY KEY,
	starts TEXT,
	ends TEXT,
	source TEXT NOT NULL
) STRICT;

CREATE TABLE session (
	number INTEGER PRIMARY KEY,
	cycle INTEGER NOT NULL REFERENCES cycle (number),
	starts TEXT, -- YYYY-MM-DD, YYYY-MM or YYYY: as precise as the source is
	ends TEXT,
	source TEXT NOT NULL
) STRICT;

CREATE TABLE review (
	iso3 TEXT NOT NULL REFERENCES state (iso3),
	cycle INTEGER NOT NULL REFERENCES cycle (number),
	session INTEGER NOT NULL REFERENCES session (number),
	status TEXT NOT NULL,
	note TEXT,
	source TEXT NOT NULL,
	PRIMARY KEY (iso3, cycle, session)
) STRICT;

-- Imports. src/job/
-- authority: 1 an export of a library, 2 an official document, 3 a person's correction. What a thing
-- says comes from its source row of highest authority, then of the newest date, then of the latest
-- import.
CREATE TABLE import (
	id INTEGER PRIMARY KEY,
	format TEXT NOT NULL,
	publisher TEXT NOT NULL,
	dated TEXT NOT NULL, -- '' when nobody knows
	authority INTEGER NOT NULL CHECK (authority BETWEEN 1 AND 3),
	sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
	held INTEGER NOT NULL CHECK (held IN (0, 1)), -- 1: not public until `tribune publish`
	part TEXT NOT NULL, -- which part of the export this file is, such as sessions 1 to 6
	columns TEXT NOT NULL, -- the header row as a JSON list
	file_name TEXT NOT NULL, -- private
	file_digest TEXT NOT NULL,
	file_bytes INTEGER NOT NULL,
	charset TEXT NOT NULL,
	created INTEGER NOT NULL, -- seconds since 1970 UTC
	undone INTEGER, -- the same; its source rows are gone then, its number is not used again
	rows_read INTEGER NOT NULL,
	rows_added INTEGER NOT NULL,
	rows_changed INTEGER NOT NULL,
	rows_unchanged INTEGER NOT NULL,
	rows_duplicate INTEGER NOT NULL,
	rows_rejected INTEGER NOT NULL
) STRICT;

CREATE INDEX import_digest ON import (file_digest);

-- What the report said about single rows, so that it can be read again.
CREATE TABLE import_note (
	import_id INTEGER NOT NULL REFERENCES import (id),
	position INTEGER NOT NULL,
	level TEXT NOT NULL CHECK (level IN ('rejected', 'warning', 'changed')),
	sheet TEXT NOT NULL,
	row_number INTEGER NOT NULL,
	column_name TEXT NOT NULL,
	value TEXT NOT NULL,
	was TEXT NOT NULL, -- for a change: what stood before
	reason TEXT NOT NULL, -- a code such as unknown-state; its words are in po/
	suggestion TEXT NOT NULL,
	PRIMARY KEY (import_id, position)
) STRICT;

-- What the publisher has to look at again: never values, because deletion must erase.
CREATE TABLE change_log (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	thing INTEGER NOT NULL
) STRICT;

-- The record. src/recommendation/
-- identity: digest of what makes it this one and no other; code: its public address, /r/CODE.
CREATE TABLE recommendation (
	id INTEGER PRIMARY KEY,
	identity TEXT NOT NULL,
	code TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('recommendation', 'pledge')),
	sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
	sur TEXT NOT NULL REFERENCES state (iso3),
	session INTEGER NOT NULL REFERENCES session (number)
) STRICT;

CREATE UNIQUE INDEX recommendation_identity ON recommendation (identity);
CREATE UNIQUE INDEX recommendation_code ON recommendation (code);

-- One accepted row of one import: what was read, and what it means in our terms.
CREATE TABLE source_row (
	id INTEGER PRIMARY KEY,
	import_id INTEGER NOT NULL REFERENCES import (id),
	recommendation_id INTEGER NOT NULL REFERENCES recommendation (id),
	sheet TEXT NOT NULL,
	row_number INTEGER NOT NULL,
	rs TEXT REFERENCES state (iso3), -- NULL: the source does not say who recommended
	text TEXT NOT NULL,
	lang TEXT NOT NULL,
	response TEXT NOT NULL, -- '' when the row gives none
	action INTEGER NOT NULL, -- 1 to 5, 0 when the row gives none
	issues TEXT NOT NULL, -- codes, sorted, a space between them
	sdgs TEXT NOT NULL,
	raw TEXT NOT NULL -- the cells as read, in the order of import.columns, as a JSON list
) STRICT;

CREATE INDEX source_row_recommendation ON source_row (recommendation_id, import_id);
CREATE INDEX source_row_import ON source_row (import_id);
