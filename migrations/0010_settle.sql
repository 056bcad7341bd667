-- How late the store was seen to show what was written to it; the longest wait of a resource is the one that counts. Only added to.
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
