-- The publisher's writes to the States: each table is replaced whole.

-- exec: state_public_clear()
DELETE FROM state;

-- exec: state_public_clear_names()
DELETE FROM state_name;

-- exec: state_public_clear_memberships()
DELETE FROM membership;

-- exec: state_public_put(iso3 text, iso2 text, status text, regional_group text?)
INSERT INTO state (iso3, iso2, status, regional_group) VALUES (:iso3, :iso2, :status, :regional_group);

-- exec: state_public_put_name(iso3 text, lang text, kind text, name text)
INSERT INTO state_name (iso3, lang, kind, name) VALUES (:iso3, :lang, :kind, :name);

-- exec: state_public_put_membership(organisation text, iso3 text, valid_from text?, valid_to text?, source text)
INSERT INTO membership (organisation, iso3, valid_from, valid_to, source)
VALUES (:organisation, :iso3, :valid_from, :valid_to, :source);
