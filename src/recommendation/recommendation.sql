-- Core side of the record. See db/migrations for the tables.

-- many: rec_origin_rows()
-- Imports are few: a handful of exports, some hundred documents a cycle.
SELECT id, authority, held, sample, publisher, dated, part, format, columns,
       rows_read > rows_rejected AS gave_rows__int
  FROM import /* scan-ok: all of them are wanted, and they are few */
 WHERE undone IS NULL
 ORDER BY id;

-- one: rec_import_kinds(import_id int)
-- Which kinds an import gave rows of.
SELECT EXISTS (SELECT 1 FROM source_row AS s JOIN recommendation AS r ON r.id = s.recommendation_id
                WHERE s.import_id = :import_id AND r.kind = 'recommendation') AS recommendations__int,
       EXISTS (SELECT 1 FROM source_row AS s JOIN recommendation AS r ON r.id = s.recommendation_id
                WHERE s.import_id = :import_id AND r.kind = 'pledge') AS pledges__int;

-- many: rec_source_rows(recommendation_id int)
SELECT id, import_id, sheet, row_number, rs, text, lang, response, action, issues, sdgs, raw
  FROM source_row
 WHERE recommendation_id = :recommendation_id
 ORDER BY import_id, id;

-- one: rec_by_identity(identity text)
SELECT id FROM recommendation WHERE identity = :identity;

-- one: rec_by_code(code text)
SELECT id, identity FROM recommendation WHERE code = :code;

-- one: rec_head(id int)
SELECT code, kind, sample, sur, session FROM recommendation WHERE id = :id;

-- many: rec_ids()
SELECT id FROM recommendation /* scan-ok: all of them are wanted */ ORDER BY id;

-- one: rec_last_id()
-- Of those that are gone and not yet gone for readers too: the publisher goes by rising numbers, so that
-- one which comes again with the same code is written when the old one has been cleared.
SELECT COALESCE(MAX(id), 0) AS id__int
  FROM (SELECT MAX(id) AS id FROM recommendation
        UNION ALL
        SELECT MAX(thing) FROM change_log WHERE kind = 'recommendation') AS known;

-- one: rec_last_source_id()
SELECT COALESCE(MAX(id), 0) AS id__int FROM source_row;

-- exec: rec_insert(id int, identity text, code text, kind text, sample int, sur text, session int)
INSERT INTO recommendation (id, identity, code, kind, sample, sur, session)
VALUES (:id, :identity, :code, :kind, :sample, :sur, :session);

-- exec: rec_source_insert(id int, import_id int, recommendation_id int, sheet text, row_number int, rs text?, text text, lang text, response text, action int, issues text, sdgs text, raw text)
INSERT INTO source_row (id, import_id, recommendation_id, sheet, row_number, rs, text, lang, response,
                        action, issues, sdgs, raw)
VALUES (:id, :import_id, :recommendation_id, :sheet, :row_number, :rs, :text, :lang, :response,
        :action, :issues, :sdgs, :raw);

-- many: rec_touched_by(import_id int)
-- The recommendations that an import speaks of, in the order of their ids.
SELECT DISTINCT recommendation_id FROM source_row WHERE import_id = :import_id ORDER BY recommendation_id;

-- exec: rec_source_forget(import_id int)
DELETE FROM source_row WHERE import_id = :import_id;

-- one: rec_source_count(recommendation_id int)
SELECT COUNT(*) AS n__int FROM source_row WHERE recommendation_id = :recommendation_id;

-- exec: rec_delete(id int)
DELETE FROM recommendation WHERE id = :id;
