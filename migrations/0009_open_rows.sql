-- Rows of a sync that were not put in step, each since the run that first left it so.
CREATE TABLE sync_open_row (
  sync   TEXT NOT NULL,
  key    TEXT NOT NULL,
  state  TEXT NOT NULL CHECK (state IN ('held', 'rejected', 'conflict', 'failed', 'skipped')),
  reason TEXT NOT NULL,
  since  TEXT NOT NULL,
  PRIMARY KEY (sync, key)
) STRICT, WITHOUT ROWID;
