-- Read side of the vocabularies.

-- many: vocabulary_public_schemes()
SELECT code, version, source, licence FROM scheme /* scan-ok: read whole */ ORDER BY code;

-- many: vocabulary_public_titles()
SELECT scheme, lang, title FROM scheme_title /* scan-ok: read whole */ ORDER BY scheme, lang;

-- many: vocabulary_public_concepts()
SELECT scheme, code, position, class, query FROM concept /* scan-ok: read whole */ ORDER BY scheme, position, code;

-- many: vocabulary_public_names()
SELECT scheme, code, lang, kind, label, origin
  FROM concept_label /* scan-ok: read whole */
 ORDER BY scheme, CASE kind WHEN 'label' THEN 0 WHEN 'short' THEN 1 ELSE 2 END, code, lang, label;
