-- What rows of the store were made from, where the API does not tell it. Precious: without it they would be sent again.
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
