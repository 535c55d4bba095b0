-- Core side of the publisher: the change log and how far it has been read.

-- exec: change_insert(kind text, thing int)
INSERT INTO change_log (kind, thing) VALUES (:kind, :thing);

-- many: change_things(kind text, upto int)
SELECT DISTINCT thing FROM change_log
 WHERE kind = :kind AND id <= :upto
 ORDER BY thing;

-- one: change_last()
SELECT COALESCE(MAX(id), 0) AS id__int FROM change_log;

-- exec: change_forget(upto int)
DELETE FROM change_log WHERE id <= :upto;

-- one: setting_get(key text)
SELECT value FROM setting WHERE key = :key;

-- exec: setting_put(key text, value text)
INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value;
