-- What the last copy of a migration told of rows that it left as they are: those that nothing stands for, and those that are gone.
CREATE TABLE sync_behind (
  -- Hash of the other store.
  source   TEXT NOT NULL,
  resource TEXT NOT NULL,
  -- Key of its row.
  from_key TEXT NOT NULL,
  -- Hash of what it held; null where the other store has it no more.
  print    TEXT,
  reason   TEXT NOT NULL,
  PRIMARY KEY (source, resource, from_key)
) STRICT, WITHOUT ROWID;
