-- Public side of the publisher: the version that readers see.

-- one: edition_get()
SELECT version, epoch FROM edition WHERE one = 1;

-- exec: edition_put(version int, epoch text)
INSERT INTO edition (one, version, epoch) VALUES (1, :version, :epoch)
    ON CONFLICT (one) DO UPDATE SET version = excluded.version, epoch = excluded.epoch;

-- one: kind_get(kind text)
SELECT version, digest FROM kind_version WHERE kind = :kind;

-- exec: kind_put_version(kind text, version int)
INSERT INTO kind_version (kind, version, digest) VALUES (:kind, :version, '')
    ON CONFLICT (kind) DO UPDATE SET version = excluded.version;

-- exec: kind_put_digest(kind text, version int, digest text)
INSERT INTO kind_version (kind, version, digest) VALUES (:kind, :version, :digest)
    ON CONFLICT (kind) DO UPDATE SET version = excluded.version, digest = excluded.digest;
