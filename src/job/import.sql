-- The journal of imports.

-- one: import_last_id()
SELECT COALESCE(MAX(id), 0) AS id__int FROM import;

-- exec: import_insert(id int, format text, publisher text, dated text, authority int, sample int, held int, part text, columns text, file_name text, file_digest text, file_bytes int, charset text, created int)
INSERT INTO import (id, format, publisher, dated, authority, sample, held, part, columns, file_name, file_digest,
                    file_bytes, charset, created, rows_read, rows_added, rows_changed, rows_unchanged,
                    rows_duplicate, rows_rejected)
VALUES (:id, :format, :publisher, :dated, :authority, :sample, :held, :part, :columns, :file_name, :file_digest,
        :file_bytes, :charset, :created, 0, 0, 0, 0, 0, 0);

-- exec: import_count(id int, rows_read int, rows_added int, rows_changed int, rows_unchanged int, rows_duplicate int, rows_rejected int)
UPDATE import SET rows_read = :rows_read, rows_added = :rows_added, rows_changed = :rows_changed,
       rows_unchanged = :rows_unchanged, rows_duplicate = :rows_duplicate, rows_rejected = :rows_rejected
 WHERE id = :id;

-- one: import_same_file(file_digest text, sample int)
-- The import in force that took this very file.
SELECT MIN(id) AS id__int_null FROM import
 WHERE file_digest = :file_digest AND sample = :sample AND undone IS NULL;

-- one: import_get(id int)
SELECT format, held, sample, undone FROM import WHERE id = :id;

-- many: import_samples()
SELECT id FROM import WHERE sample = 1 AND undone IS NULL /* scan-ok: imports are few */ ORDER BY id;

-- exec: import_set_held(id int, held int)
UPDATE import SET held = :held WHERE id = :id;

-- exec: import_set_undone(id int, undone int)
UPDATE import SET undone = :undone WHERE id = :id;

-- many: import_list()
SELECT id, format, publisher, dated, part, sample, held, file_name, created, undone, rows_read, rows_added,
       rows_changed, rows_unchanged, rows_duplicate, rows_rejected
  FROM import /* scan-ok: all of them are shown */
 ORDER BY id;

-- exec: import_note_insert(import_id int, position int, level text, sheet text, row_number int, column_name text, value text, was text, reason text, suggestion text)
INSERT INTO import_note (import_id, position, level, sheet, row_number, column_name, value, was, reason, suggestion)
VALUES (:import_id, :position, :level, :sheet, :row_number, :column_name, :value, :was, :reason, :suggestion);

-- many: import_notes(import_id int)
SELECT level, sheet, row_number, column_name, value, was, reason, suggestion
  FROM import_note WHERE import_id = :import_id ORDER BY position;

-- exec: import_forget_notes(import_id int)
DELETE FROM import_note WHERE import_id = :import_id;

-- one: import_in_force()
SELECT COUNT(*) AS n__int FROM import WHERE undone IS NULL /* scan-ok: imports are few */;
