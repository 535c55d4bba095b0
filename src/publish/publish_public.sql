-- What readers ask of the publisher's own tables.

-- one: edition_now()
SELECT version, epoch FROM edition WHERE one = 1;

-- many: kind_versions()
SELECT kind, version FROM kind_version /* scan-ok: a row a kind */ ORDER BY kind;

-- one: kind_digest(kind text)
SELECT digest FROM kind_version WHERE kind = :kind;
