-- The id map of migrations: which row of this store stands for which row of another one.
CREATE TABLE sync_link (
  -- Hash of the other store.
  source   TEXT NOT NULL,
  resource TEXT NOT NULL,
  -- Key of its row.
  from_key TEXT NOT NULL,
  to_key   TEXT NOT NULL CHECK (json_valid(to_key)),
  -- `created`, or the fields by which it was recognised.
  how      TEXT NOT NULL,
  run      TEXT NOT NULL,
  at       TEXT NOT NULL,
  PRIMARY KEY (source, resource, from_key)
) STRICT, WITHOUT ROWID;

-- A row stands for one row only.
CREATE UNIQUE INDEX sync_link_to ON sync_link (source, resource, to_key);
