-- How far a sync has read a source whose rows say when they were changed.
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
