-- bad: core 4 a query is SELECT, INSERT, UPDATE, DELETE or WITH

-- one: rec_info()
PRAGMA user_version;
