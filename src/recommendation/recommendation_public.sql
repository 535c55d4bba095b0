-- Read side of the record.

-- each: records_all()
-- In the order in which equals are listed: the newest session first, then State by State, each review in
-- the order of its source.
SELECT id, code, kind, sample, sur, session, text, lang
  FROM recommendation /* scan-ok: the index is built from all of them */
 ORDER BY session DESC, sur, place, code;

-- many: records_reviews()
-- Every review that the record speaks of.
SELECT DISTINCT session, sur FROM recommendation /* scan-ok: read whole */ ORDER BY session, sur;

-- each: records_attributions()
SELECT recommendation_id, position, rs, response, action, issues, sdgs
  FROM attribution /* scan-ok: the index is built from all of them */
 ORDER BY recommendation_id, position;

-- one: records_last_id()
SELECT COALESCE(MAX(id), 0) AS id__int FROM recommendation;

-- many: records_sources()
SELECT code, publisher, dated, part, format, sample, recommendations, pledges
  FROM source /* scan-ok: a handful */
 ORDER BY sample, dated DESC, publisher, part;

-- one: record_by_code(code text)
SELECT id, code, kind, sample, sur, session, text, lang FROM recommendation WHERE code = :code;

-- many: record_attributions(id int)
SELECT position, rs, response, action, issues, sdgs
  FROM attribution WHERE recommendation_id = :id ORDER BY position;

-- many: record_statements(id int)
SELECT s.position, s.rank, o.publisher, o.dated, o.part, o.format, o.columns, s.sheet, s.row_number, s.response,
       s.action, s.issues, s.sdgs, s.raw
  FROM statement s JOIN source o ON o.code = s.source
 WHERE s.recommendation_id = :id
 ORDER BY s.position, s.rank;
