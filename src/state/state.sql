-- Core side: what the reference data is written with.

-- exec: state_clear_names(iso3 text)
DELETE FROM state_name WHERE iso3 = :iso3;

-- exec: state_clear_memberships(iso3 text)
DELETE FROM membership WHERE iso3 = :iso3;

-- exec: state_put(iso3 text, iso2 text, m49 text, status text, regional_group text?)
INSERT INTO state (iso3, iso2, m49, status, regional_group)
VALUES (:iso3, :iso2, :m49, :status, :regional_group)
    ON CONFLICT (iso3) DO UPDATE SET iso2 = excluded.iso2, m49 = excluded.m49, status = excluded.status,
                                     regional_group = excluded.regional_group;

-- exec: state_put_name(iso3 text, lang text, kind text, name text, valid_from text?, valid_to text?, source text)
INSERT INTO state_name (iso3, lang, kind, name, valid_from, valid_to, source)
VALUES (:iso3, :lang, :kind, :name, :valid_from, :valid_to, :source)
    ON CONFLICT (iso3, lang, kind, name) DO UPDATE SET
       valid_from = excluded.valid_from, valid_to = excluded.valid_to, source = excluded.source;

-- exec: state_put_membership(organisation text, iso3 text, valid_from text?, valid_to text?, source text)
INSERT INTO membership (organisation, iso3, valid_from, valid_to, source)
VALUES (:organisation, :iso3, :valid_from, :valid_to, :source)
    ON CONFLICT (iso3, organisation) DO UPDATE SET
       valid_from = excluded.valid_from, valid_to = excluded.valid_to, source = excluded.source;
