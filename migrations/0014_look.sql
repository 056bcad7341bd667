-- What lay behind addresses of the web that things were sent from, so that only what changed is fetched again.
CREATE TABLE sync_look (
  address  TEXT NOT NULL PRIMARY KEY,
  sha256   TEXT NOT NULL,
  -- What the server calls that version of it; null where it does not say.
  etag     TEXT,
  modified TEXT,
  at       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
