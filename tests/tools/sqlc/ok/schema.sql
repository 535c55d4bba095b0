-- A schema for the tests of sqlc: every type, NULL or not.
CREATE TABLE state (
	code TEXT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	former TEXT,
	m49 INTEGER,
	area REAL
) STRICT;

CREATE TABLE rec (
	id INTEGER PRIMARY KEY,
	code TEXT NOT NULL UNIQUE,
	sur TEXT NOT NULL REFERENCES state (code),
	rs TEXT REFERENCES state (code),
	cycle INTEGER NOT NULL CHECK (cycle > 0),
	body TEXT NOT NULL,
	weight REAL NOT NULL DEFAULT 0,
	hash BLOB NOT NULL,
	scan BLOB
) STRICT;
CREATE INDEX rec_sur ON rec (sur, cycle);
CREATE INDEX rec_rs ON rec (rs);

CREATE TABLE tag (
	rec INTEGER NOT NULL REFERENCES rec (id),
	issue TEXT NOT NULL,
	PRIMARY KEY (rec, issue)
) STRICT;
