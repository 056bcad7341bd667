-- What the mirror knows about itself: whose copy it is, how far each pull came, and what became of the rows.

-- One row: a mirror belongs to one store for ever.
CREATE TABLE sync_store (
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  hash      TEXT NOT NULL,
  domain    TEXT NOT NULL,
  currency  TEXT NOT NULL,
  linked_at TEXT NOT NULL
) STRICT;

-- Hash of each derived table and view; one that differs is rebuilt.
CREATE TABLE sync_table_definition (
  name   TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_pull (
  pull     INTEGER PRIMARY KEY AUTOINCREMENT,
  resource TEXT NOT NULL,
  full     INTEGER NOT NULL CHECK (full IN (0, 1)),
  since    TEXT,
  -- Last key done (keyset) or last page number done.
  cursor   INTEGER,
  -- Counters by resource: the pulled one and those that ride inside its rows.
  counts   TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(counts)),
  started  TEXT NOT NULL,
  run      TEXT NOT NULL,
  finished TEXT,
  complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)),
  expected INTEGER,
  CHECK (finished IS NOT NULL OR complete = 0)
) STRICT;

CREATE UNIQUE INDEX sync_pull_open ON sync_pull (resource, full) WHERE finished IS NULL;

-- How much of each resource the rows can be trusted for.
CREATE TABLE sync_freshness (
  resource  TEXT PRIMARY KEY,
  pull      INTEGER NOT NULL REFERENCES sync_pull (pull),
  complete  INTEGER NOT NULL CHECK (complete IN (0, 1)),
  as_of     TEXT,
  watermark TEXT,
  CHECK (complete = 0 OR as_of IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- Keys (JSON arrays) that a full pull by page numbers met.
CREATE TABLE sync_seen (
  pull INTEGER NOT NULL REFERENCES sync_pull (pull) ON DELETE CASCADE,
  key  TEXT NOT NULL,
  PRIMARY KEY (pull, key)
) STRICT, WITHOUT ROWID;

-- Keys (JSON arrays) that the mirror holds and a full pull did not meet; whoever confirms them removes the rows.
CREATE TABLE sync_missing (
  resource TEXT NOT NULL,
  key      TEXT NOT NULL,
  pull     INTEGER NOT NULL REFERENCES sync_pull (pull) ON DELETE CASCADE,
  PRIMARY KEY (resource, key)
) STRICT, WITHOUT ROWID;

-- Values (JSON) that a reading found changed in a row the mirror already had.
CREATE TABLE sync_change_log (
  seq        INTEGER PRIMARY KEY,
  resource   TEXT NOT NULL,
  key        TEXT NOT NULL,
  field      TEXT NOT NULL,
  from_value TEXT NOT NULL CHECK (json_valid(from_value)),
  to_value   TEXT NOT NULL CHECK (json_valid(to_value)),
  at         TEXT NOT NULL,
  run        TEXT NOT NULL
) STRICT;

CREATE INDEX sync_change_log_by_row ON sync_change_log (resource, key);
