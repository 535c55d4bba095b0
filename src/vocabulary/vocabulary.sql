-- Core side: what the reference data is written with.

-- exec: vocabulary_clear_names(scheme text)
DELETE FROM concept_label WHERE scheme = :scheme;

-- exec: vocabulary_clear_titles(scheme text)
DELETE FROM scheme_title WHERE scheme = :scheme;

-- exec: vocabulary_put_scheme(code text, version text, source text, licence text)
INSERT INTO scheme (code, version, source, licence) VALUES (:code, :version, :source, :licence)
    ON CONFLICT (code) DO UPDATE SET version = excluded.version, source = excluded.source, licence = excluded.licence;

-- exec: vocabulary_put_title(scheme text, lang text, title text)
INSERT INTO scheme_title (scheme, lang, title) VALUES (:scheme, :lang, :title)
    ON CONFLICT (scheme, lang) DO UPDATE SET title = excluded.title;

-- exec: vocabulary_put_concept(scheme text, code text, position int, class text, query int)
INSERT INTO concept (scheme, code, position, class, query) VALUES (:scheme, :code, :position, :class, :query)
    ON CONFLICT (scheme, code) DO UPDATE SET position = excluded.position, class = excluded.class, query = excluded.query;

-- exec: vocabulary_put_name(scheme text, code text, lang text, kind text, label text, origin text)
INSERT INTO concept_label (scheme, code, lang, kind, label, origin)
VALUES (:scheme, :code, :lang, :kind, :label, :origin)
    ON CONFLICT (scheme, code, lang, kind, label) DO UPDATE SET origin = excluded.origin;
