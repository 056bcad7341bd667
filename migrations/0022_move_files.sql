-- The files that the last copy of a migration went by. One that is left out later would take back what it had changed.
CREATE TABLE sync_move_files (
  -- Hash of the other store.
  source    TEXT PRIMARY KEY,
  -- As they were named; null where there was none.
  map       TEXT,
  transform TEXT
) STRICT, WITHOUT ROWID;
