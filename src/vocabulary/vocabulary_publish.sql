-- The publisher's writes to the vocabularies: each table is replaced whole.

-- exec: vocabulary_public_clear_schemes()
DELETE FROM scheme;

-- exec: vocabulary_public_clear_titles()
DELETE FROM scheme_title;

-- exec: vocabulary_public_clear_concepts()
DELETE FROM concept;

-- exec: vocabulary_public_clear_names()
DELETE FROM concept_label;

-- exec: vocabulary_public_put_scheme(code text, version text, source text, licence text)
INSERT INTO scheme (code, version, source, licence) VALUES (:code, :version, :source, :licence);

-- exec: vocabulary_public_put_title(scheme text, lang text, title text)
INSERT INTO scheme_title (scheme, lang, title) VALUES (:scheme, :lang, :title);

-- exec: vocabulary_public_put_concept(scheme text, code text, position int, class text, query int)
INSERT INTO concept (scheme, code, position, class, query) VALUES (:scheme, :code, :position, :class, :query);

-- exec: vocabulary_public_put_name(scheme text, code text, lang text, kind text, label text, origin text)
INSERT INTO concept_label (scheme, code, lang, kind, label, origin)
VALUES (:scheme, :code, :lang, :kind, :label, :origin);
