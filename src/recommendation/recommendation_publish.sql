-- The publisher's writes to the public side of the record.

-- one: rec_public_digest(id int)
SELECT digest FROM recommendation WHERE id = :id;

-- exec: rec_public_put(id int, code text, kind text, sample int, sur text, session int, text text, lang text, place int, digest text)
INSERT INTO recommendation (id, code, kind, sample, sur, session, text, lang, place, digest)
VALUES (:id, :code, :kind, :sample, :sur, :session, :text, :lang, :place, :digest);

-- exec: rec_public_put_attribution(recommendation_id int, position int, rs text?, response text, action int, issues text, sdgs text)
INSERT INTO attribution (recommendation_id, position, rs, response, action, issues, sdgs)
VALUES (:recommendation_id, :position, :rs, :response, :action, :issues, :sdgs);

-- exec: rec_public_put_statement(recommendation_id int, position int, rank int, source text, sheet text, row_number int, response text, action int, issues text, sdgs text, raw text)
INSERT INTO statement (recommendation_id, position, rank, source, sheet, row_number, response, action, issues,
                       sdgs, raw)
VALUES (:recommendation_id, :position, :rank, :source, :sheet, :row_number, :response, :action, :issues,
        :sdgs, :raw);

-- exec: rec_public_clear(id int)
DELETE FROM recommendation WHERE id = :id;

-- exec: rec_public_clear_attributions(id int)
DELETE FROM attribution WHERE recommendation_id = :id;

-- exec: rec_public_clear_statements(id int)
DELETE FROM statement WHERE recommendation_id = :id;

-- exec: rec_public_clear_sources()
DELETE FROM source;

-- exec: rec_public_put_source(code text, publisher text, dated text, part text, format text, columns text, sample int, recommendations int, pledges int)
INSERT INTO source (code, publisher, dated, part, format, columns, sample, recommendations, pledges)
VALUES (:code, :publisher, :dated, :part, :format, :columns, :sample, :recommendations, :pledges)
    ON CONFLICT (code) DO UPDATE SET recommendations = max(recommendations, excluded.recommendations),
                                     pledges = max(pledges, excluded.pledges);
