-- The publisher's writes to the calendar: each table is replaced whole.

-- exec: review_public_clear_cycles()
DELETE FROM cycle;

-- exec: review_public_clear_sessions()
DELETE FROM session;

-- exec: review_public_clear()
DELETE FROM review;

-- exec: review_public_put_cycle(number int, starts text?, ends text?)
INSERT INTO cycle (number, starts, ends) VALUES (:number, :starts, :ends);

-- exec: review_public_put_session(number int, cycle int, starts text?, ends text?, source text)
INSERT INTO session (number, cycle, starts, ends, source) VALUES (:number, :cycle, :starts, :ends, :source);

-- exec: review_public_put(iso3 text, cycle int, session int, status text, note text?, source text)
INSERT INTO review (iso3, cycle, session, status, note, source)
VALUES (:iso3, :cycle, :session, :status, :note, :source);
