-- The calendar, alike on both sides: under a thousand rows, always read whole.

-- many: review_cycles()
SELECT number, starts, ends FROM cycle /* scan-ok: read whole */ ORDER BY number;

-- many: review_sessions()
SELECT number, cycle, starts, ends, source FROM session /* scan-ok: read whole */ ORDER BY number;

-- many: review_rows()
SELECT iso3, cycle, session, status, note, source FROM review /* scan-ok: read whole */ ORDER BY iso3, session;
