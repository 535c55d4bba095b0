-- The States, alike on both sides: a few hundred rows, always read whole.

-- many: state_rows()
SELECT iso3, iso2, status, regional_group FROM state /* scan-ok: read whole */ ORDER BY iso3;

-- many: state_name_rows()
-- Today's names first: a name that two States have had belongs to the one that has it now.
SELECT iso3, lang, kind, name
  FROM state_name /* scan-ok: read whole */
 ORDER BY CASE kind WHEN 'name' THEN 0 WHEN 'formal' THEN 1 ELSE 2 END, iso3, lang, name;

-- many: state_membership_rows()
SELECT iso3, organisation, valid_from, valid_to, source
  FROM membership /* scan-ok: read whole */
 ORDER BY iso3, organisation;
