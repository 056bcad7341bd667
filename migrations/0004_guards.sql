-- What the guards remember: how a feed looked when it was last accepted, and what was written to a row lately.

ALTER TABLE sync_snapshot ADD COLUMN columns TEXT CHECK (json_valid(columns));
-- Hash of the config's sections that it was read under.
ALTER TABLE sync_snapshot ADD COLUMN config TEXT;

-- Values (JSON) that we wrote in the last day, stock apart; older rows go.
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
