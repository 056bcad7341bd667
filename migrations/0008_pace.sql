-- One row: how fast the store answers and how much it lets us ask, as the last run of some length measured it.
CREATE TABLE sync_pace (
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  quota     INTEGER,
  window_ms INTEGER,
  median_ms INTEGER NOT NULL,
  p95_ms    INTEGER NOT NULL,
  requests  INTEGER NOT NULL,
  at        TEXT NOT NULL
) STRICT;
