-- Lists of which each row of another resource has one, and whose rows are all known as long as that row bears this date.
CREATE TABLE sync_list (
  resource TEXT NOT NULL,
  -- Key of the other resource's row.
  of       INTEGER NOT NULL,
  date     TEXT NOT NULL,
  PRIMARY KEY (resource, of)
) STRICT, WITHOUT ROWID;
