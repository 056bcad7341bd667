-- Rows of the store that could not be read when they were met last. What the mirror holds of them, if anything, is older.
CREATE TABLE sync_unread (
  resource TEXT NOT NULL,
  key      TEXT NOT NULL CHECK (json_valid(key)),
  -- Key of the row that it came inside; null for a row of a listing.
  parent   TEXT CHECK (json_valid(parent)),
  reason   TEXT NOT NULL,
  PRIMARY KEY (resource, key)
) STRICT, WITHOUT ROWID;
