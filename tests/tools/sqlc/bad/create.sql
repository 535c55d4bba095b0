-- bad: core 4 a query is SELECT, INSERT, UPDATE, DELETE or WITH

-- exec: rec_copy()
CREATE TABLE copy (id INTEGER PRIMARY KEY) STRICT;
