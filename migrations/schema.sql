CREATE TABLE sync_applied (
  id         INTEGER PRIMARY KEY,
  resource   TEXT NOT NULL,
  key        TEXT NOT NULL,
  field      TEXT NOT NULL,
  from_value TEXT NOT NULL CHECK (json_valid(from_value)),
  to_value   TEXT NOT NULL CHECK (json_valid(to_value)),
  at         TEXT NOT NULL
) STRICT;

CREATE INDEX sync_applied_by_key ON sync_applied (resource, key);

CREATE INDEX sync_applied_by_time ON sync_applied (at);

CREATE TABLE sync_base (
  sync   TEXT NOT NULL,
  key    TEXT NOT NULL,
  entity TEXT NOT NULL,
  fields TEXT NOT NULL CHECK (json_valid(fields)),
  at     TEXT NOT NULL,
  PRIMARY KEY (sync, key)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE sync_change (
  plan   TEXT NOT NULL REFERENCES sync_plan (plan),
  change INTEGER NOT NULL,
  state  TEXT NOT NULL DEFAULT 'planned' CHECK (state IN
    ('planned', 'approved', 'intent', 'unknown', 'applied', 'skipped', 'failed', 'held')),
  reason TEXT,
  PRIMARY KEY (plan, change)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sync_change_only_forward BEFORE UPDATE OF state ON sync_change
WHEN OLD.state IN ('applied', 'skipped', 'failed') OR NEW.state = 'planned'
BEGIN
  SELECT RAISE(ABORT, 'a change only moves forward');
END;

CREATE INDEX sync_change_open ON sync_change (state, plan, change) WHERE state IN ('intent', 'unknown');

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

CREATE TABLE sync_dated_edit (
  resource TEXT NOT NULL,
  field    TEXT NOT NULL,
  dated    INTEGER NOT NULL,
  undated  INTEGER NOT NULL,
  -- When one was met last.
  at       TEXT NOT NULL,
  PRIMARY KEY (resource, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_familiar (
  sync   TEXT PRIMARY KEY,
  -- Hash of all that decides what the rows mean.
  bound  TEXT NOT NULL,
  -- What is newer in sync_moved is to be taken out.
  moved  INTEGER NOT NULL,
  -- The rows that stand for the looks of the columns.
  sample TEXT NOT NULL CHECK (json_valid(sample))
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_familiar_part (
  sync TEXT NOT NULL REFERENCES sync_familiar (sync) ON DELETE CASCADE,
  part INTEGER NOT NULL,
  rows BLOB NOT NULL,
  PRIMARY KEY (sync, part)
) STRICT;

CREATE TABLE sync_freshness (
  resource  TEXT PRIMARY KEY,
  pull      INTEGER NOT NULL REFERENCES sync_pull (pull),
  complete  INTEGER NOT NULL CHECK (complete IN (0, 1)),
  as_of     TEXT,
  watermark TEXT, full_as_of TEXT,
  CHECK (complete = 0 OR as_of IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_journal (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  plan       TEXT NOT NULL,
  change     INTEGER NOT NULL,
  run        TEXT NOT NULL,
  at         TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  evidence   TEXT NOT NULL CHECK (json_valid(evidence)),
  prev_sha   TEXT NOT NULL,
  sha        TEXT NOT NULL, epoch INTEGER,
  FOREIGN KEY (plan, change) REFERENCES sync_change (plan, change)
) STRICT;

CREATE INDEX sync_journal_by_change ON sync_journal (plan, change);

CREATE INDEX sync_journal_by_run ON sync_journal (run) WHERE to_state = 'intent';

CREATE TRIGGER sync_journal_newest_writer BEFORE INSERT ON sync_journal
WHEN NEW.epoch IS NOT (SELECT epoch FROM sync_lease)
BEGIN
  SELECT RAISE(ABORT, 'another process has taken the mirror over');
END;

CREATE TRIGGER sync_journal_no_delete BEFORE DELETE ON sync_journal
WHEN OLD.seq > coalesce((SELECT seq FROM sync_journal_anchor), 0)
BEGIN
  SELECT RAISE(ABORT, 'the journal is only ever added to');
END;

CREATE TRIGGER sync_journal_no_update BEFORE UPDATE ON sync_journal
BEGIN
  SELECT RAISE(ABORT, 'the journal is only ever added to');
END;

CREATE TABLE sync_journal_anchor (
  id  INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL,
  sha TEXT NOT NULL,
  at  TEXT NOT NULL
) STRICT;

CREATE TRIGGER sync_journal_anchor_moved BEFORE UPDATE ON sync_journal_anchor
WHEN NEW.seq <= OLD.seq OR NOT EXISTS (SELECT 1 FROM sync_journal WHERE seq = NEW.seq AND sha = NEW.sha)
BEGIN
  SELECT RAISE(ABORT, 'the anchor moves forward to an entry of the journal');
END;

CREATE TRIGGER sync_journal_anchor_new BEFORE INSERT ON sync_journal_anchor
WHEN NOT EXISTS (SELECT 1 FROM sync_journal WHERE seq = NEW.seq AND sha = NEW.sha)
BEGIN
  SELECT RAISE(ABORT, 'the anchor is an entry of the journal');
END;

CREATE TRIGGER sync_journal_anchor_stays BEFORE DELETE ON sync_journal_anchor
BEGIN
  SELECT RAISE(ABORT, 'the anchor stays');
END;

CREATE TABLE sync_lease (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  epoch   INTEGER NOT NULL,
  host    TEXT NOT NULL,
  pid     INTEGER NOT NULL,
  started TEXT NOT NULL,
  -- 0 from a holder's beginning to its end; the next one that finds it so looks the file over first.
  clean   INTEGER NOT NULL CHECK (clean IN (0, 1))
) STRICT;

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

CREATE UNIQUE INDEX sync_link_to ON sync_link (source, resource, to_key);

CREATE TABLE sync_list (
  resource TEXT NOT NULL,
  -- Key of the other resource's row.
  of       INTEGER NOT NULL,
  date     TEXT NOT NULL,
  PRIMARY KEY (resource, of)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_look (
  address  TEXT NOT NULL PRIMARY KEY,
  sha256   TEXT NOT NULL,
  -- What the server calls that version of it; null where it does not say.
  etag     TEXT,
  modified TEXT,
  at       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE sync_missing (
  resource TEXT NOT NULL,
  key      TEXT NOT NULL,
  pull     INTEGER NOT NULL REFERENCES sync_pull (pull) ON DELETE CASCADE,
  PRIMARY KEY (resource, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_move_files (
  -- Hash of the other store.
  source    TEXT PRIMARY KEY,
  -- As they were named; null where there was none.
  map       TEXT,
  transform TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_moved (
  seq  INTEGER PRIMARY KEY AUTOINCREMENT,
  side TEXT NOT NULL CHECK (side IN ('store', 'base')),
  name TEXT NOT NULL,
  key  TEXT NOT NULL
) STRICT;

CREATE TABLE sync_open_row (
  sync   TEXT NOT NULL,
  key    TEXT NOT NULL,
  state  TEXT NOT NULL CHECK (state IN ('held', 'rejected', 'conflict', 'failed', 'skipped')),
  reason TEXT NOT NULL,
  since  TEXT NOT NULL,
  PRIMARY KEY (sync, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_pace (
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  quota     INTEGER,
  window_ms INTEGER,
  median_ms INTEGER NOT NULL,
  p95_ms    INTEGER NOT NULL,
  requests  INTEGER NOT NULL,
  at        TEXT NOT NULL
) STRICT;

CREATE TABLE sync_plan (
  number  INTEGER PRIMARY KEY,
  plan    TEXT NOT NULL UNIQUE,
  sync    TEXT NOT NULL,
  hash    TEXT NOT NULL,
  created TEXT NOT NULL,
  expires TEXT NOT NULL,
  state   TEXT NOT NULL CHECK (state IN ('open', 'approved', 'pushed', 'superseded', 'blocked')),
  body    TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

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
  expected INTEGER, open TEXT NOT NULL DEFAULT '[{"after":null,"upTo":null}]' CHECK (json_valid(open)),
  CHECK (finished IS NOT NULL OR complete = 0)
) STRICT;

CREATE UNIQUE INDEX sync_pull_open ON sync_pull (resource, full) WHERE finished IS NULL;

CREATE TABLE sync_run (
  number   INTEGER PRIMARY KEY,
  run      TEXT NOT NULL UNIQUE,
  verb     TEXT NOT NULL,
  what     TEXT NOT NULL,
  started  TEXT NOT NULL,
  finished TEXT,
  state    TEXT NOT NULL CHECK (state IN
    ('running', 'complete', 'complete-with-rejects', 'partial', 'blocked', 'waiting', 'interrupted', 'failed')),
  exit     INTEGER,
  report   TEXT CHECK (json_valid(report))
) STRICT;

CREATE INDEX sync_run_unfinished ON sync_run (number) WHERE state = 'running';

CREATE TABLE sync_seen (
  pull INTEGER NOT NULL REFERENCES sync_pull (pull) ON DELETE CASCADE,
  key  TEXT NOT NULL,
  PRIMARY KEY (pull, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_sent (
  resource TEXT NOT NULL,
  -- The row's own key, and that of the row it hangs on.
  key      TEXT NOT NULL,
  parent   TEXT NOT NULL,
  address  TEXT NOT NULL,
  -- The store's own file of it: when that is another one, somebody else replaced the thing.
  file     TEXT NOT NULL,
  at       TEXT NOT NULL,
  PRIMARY KEY (resource, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX sync_sent_parent ON sync_sent (resource, parent);

CREATE TABLE sync_settle (
  id        INTEGER PRIMARY KEY,
  resource  TEXT NOT NULL,
  -- From the end of the request to the reading that showed it.
  lag_ms    INTEGER NOT NULL,
  -- How long a write to this resource is left to settle from then on.
  settle_ms INTEGER NOT NULL,
  run       TEXT NOT NULL,
  plan      TEXT NOT NULL,
  at        TEXT NOT NULL
) STRICT;

CREATE TABLE sync_snapshot (
  id       INTEGER PRIMARY KEY,
  sync     TEXT NOT NULL,
  at       TEXT NOT NULL,
  accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
  rows     INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  matched  INTEGER NOT NULL,
  sha256   TEXT NOT NULL,
  modified TEXT,
  origin   TEXT NOT NULL
, columns TEXT CHECK (json_valid(columns)), config TEXT) STRICT;

CREATE INDEX sync_snapshot_accepted ON sync_snapshot (sync, id) WHERE accepted = 1;

CREATE TABLE sync_store (
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  hash      TEXT NOT NULL,
  domain    TEXT NOT NULL,
  currency  TEXT NOT NULL,
  linked_at TEXT NOT NULL
) STRICT;

CREATE TABLE sync_table_definition (
  name   TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_unread (
  resource TEXT NOT NULL,
  key      TEXT NOT NULL CHECK (json_valid(key)),
  -- Key of the row that it came inside; null for a row of a listing.
  parent   TEXT CHECK (json_valid(parent)),
  reason   TEXT NOT NULL,
  PRIMARY KEY (resource, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_unsettled (
  resource   TEXT NOT NULL,
  key        TEXT NOT NULL,
  field      TEXT NOT NULL,
  value      TEXT NOT NULL CHECK (json_valid(value)),
  before     TEXT NOT NULL CHECK (json_valid(before)),
  applied_at TEXT NOT NULL,
  until      TEXT NOT NULL,
  PRIMARY KEY (resource, key, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_watermark (
  sync      TEXT PRIMARY KEY,
  -- Made of that reading. Until it has ended with nothing left open, the source is read whole.
  plan      TEXT NOT NULL,
  ended     INTEGER NOT NULL CHECK (ended IN (0, 1)),
  watermark TEXT NOT NULL,
  -- When the reading began.
  read_at   TEXT NOT NULL,
  -- Hash of the rules, the store and the place that it was read by.
  bound     TEXT NOT NULL,
  -- Of the last whole reading: when it began, and what its guards weighed changes against.
  whole_at  TEXT NOT NULL,
  matched   INTEGER NOT NULL,
  in_stock  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
