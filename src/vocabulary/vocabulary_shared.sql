-- The vocabularies, alike on both sides: a few thousand rows, always read whole.

-- many: vocabulary_schemes()
SELECT code, version, source, licence FROM scheme /* scan-ok: read whole */ ORDER BY code;

-- many: vocabulary_titles()
SELECT scheme, lang, title FROM scheme_title /* scan-ok: read whole */ ORDER BY scheme, lang;

-- many: vocabulary_concepts()
SELECT scheme, code, position, class, query FROM concept /* scan-ok: read whole */ ORDER BY scheme, position, code;

-- many: vocabulary_names()
-- Labels before aliases, so that a name that two concepts share belongs to the one whose label it is.
SELECT scheme, code, lang, kind, label, origin
  FROM concept_label /* scan-ok: read whole */
 ORDER BY scheme, CASE kind WHEN 'label' THEN 0 WHEN 'short' THEN 1 ELSE 2 END, code, lang, label;
