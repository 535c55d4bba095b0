-- exec: shown_put(code text, name text)
INSERT OR REPLACE INTO state (code, name) VALUES (:code, :name);
