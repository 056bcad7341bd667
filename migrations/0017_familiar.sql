-- Rows of a source that need no comparing as long as they say what they said and nothing that they were compared with has moved.
-- Derived: without it every row is compared.
CREATE TABLE sync_familiar (
  sync   TEXT PRIMARY KEY,
  -- Hash of all that decides what the rows mean.
  bound  TEXT NOT NULL,
  -- What is newer in sync_moved is to be taken out.
  moved  INTEGER NOT NULL,
  -- The rows that stand for the looks of the columns.
  sample TEXT NOT NULL CHECK (json_valid(sample))
) STRICT, WITHOUT ROWID;

-- The rows, packed, a part after the other.
CREATE TABLE sync_familiar_part (
  sync TEXT NOT NULL REFERENCES sync_familiar (sync) ON DELETE CASCADE,
  part INTEGER NOT NULL,
  rows BLOB NOT NULL,
  PRIMARY KEY (sync, part)
) STRICT;

-- What moved since the first of them was kept: a row of the store, by resource, or a base row, by sync. Triggers write it.
CREATE TABLE sync_moved (
  seq  INTEGER PRIMARY KEY AUTOINCREMENT,
  side TEXT NOT NULL CHECK (side IN ('store', 'base')),
  name TEXT NOT NULL,
  key  TEXT NOT NULL
) STRICT;

CREATE TRIGGER sync_base_added AFTER INSERT ON sync_base
WHEN EXISTS (SELECT 1 FROM sync_familiar WHERE sync = NEW.sync)
BEGIN
  INSERT INTO sync_moved (side, name, key) VALUES ('base', NEW.sync, NEW.key);
END;

CREATE TRIGGER sync_base_changed AFTER UPDATE ON sync_base
WHEN EXISTS (SELECT 1 FROM sync_familiar WHERE sync = NEW.sync)
BEGIN
  INSERT INTO sync_moved (side, name, key) VALUES ('base', NEW.sync, NEW.key);
END;

CREATE TRIGGER sync_base_removed AFTER DELETE ON sync_base
WHEN EXISTS (SELECT 1 FROM sync_familiar WHERE sync = OLD.sync)
BEGIN
  INSERT INTO sync_moved (side, name, key) VALUES ('base', OLD.sync, OLD.key);
END;
