-- The conflict inbox: fields that both sides changed, until one of them gives way or a person decides. Values are JSON.
CREATE TABLE sync_conflict (
  number    INTEGER PRIMARY KEY AUTOINCREMENT,
  sync      TEXT NOT NULL,
  resource  TEXT NOT NULL,
  match     TEXT NOT NULL,
  key       TEXT NOT NULL CHECK (json_valid(key)),
  entity    TEXT NOT NULL CHECK (json_valid(entity)),
  label     TEXT,
  line      INTEGER,
  field     TEXT NOT NULL,
  base      TEXT NOT NULL CHECK (json_valid(base)),
  store     TEXT NOT NULL CHECK (json_valid(store)),
  source    TEXT NOT NULL CHECK (json_valid(source)),
  store_at  TEXT,
  source_at TEXT,
  plan      TEXT NOT NULL,
  since     TEXT NOT NULL,
  -- When a plan found it no more; null while it is open.
  settled   TEXT,
  decision  TEXT CHECK (json_valid(decision))
) STRICT;

CREATE UNIQUE INDEX sync_conflict_open ON sync_conflict (sync, match, field) WHERE settled IS NULL;

CREATE INDEX sync_journal_by_run ON sync_journal (run) WHERE to_state = 'intent';
