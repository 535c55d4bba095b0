-- Core side: what the reference data is written with.

-- exec: review_put_cycle(number int, starts text?, ends text?, source text)
INSERT INTO cycle (number, starts, ends, source) VALUES (:number, :starts, :ends, :source)
    ON CONFLICT (number) DO UPDATE SET starts = excluded.starts, ends = excluded.ends, source = excluded.source;

-- exec: review_put_session(number int, cycle int, starts text?, ends text?, source text)
INSERT INTO session (number, cycle, starts, ends, source) VALUES (:number, :cycle, :starts, :ends, :source)
    ON CONFLICT (number) DO UPDATE SET cycle = excluded.cycle, starts = excluded.starts, ends = excluded.ends,
                                       source = excluded.source;

-- exec: review_put(iso3 text, cycle int, session int, status text, note text?, source text)
INSERT INTO review (iso3, cycle, session, status, note, source)
VALUES (:iso3, :cycle, :session, :status, :note, :source)
    ON CONFLICT (iso3, cycle, session) DO UPDATE SET status = excluded.status, note = excluded.note,
                                                     source = excluded.source;

-- exec: review_ensure_cycle(number int, source text)
INSERT INTO cycle (number, source) VALUES (:number, :source) ON CONFLICT (number) DO NOTHING;
