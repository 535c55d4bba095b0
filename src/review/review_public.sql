-- Read side of the calendar.

-- many: review_public_cycles()
SELECT number, starts, ends FROM cycle /* scan-ok: read whole */ ORDER BY number;

-- many: review_public_sessions()
SELECT number, cycle, starts, ends, source FROM session /* scan-ok: read whole */ ORDER BY number;

-- many: review_public_rows()
SELECT iso3, cycle, session, status, note, source FROM review /* scan-ok: read whole */ ORDER BY iso3, session;
