-- Ranges of keys (JSON) that a pull by keys has still to read: it reads several at a time. `cursor` is left to listings by page
-- numbers and to resources of many lists.
ALTER TABLE sync_pull ADD COLUMN open TEXT NOT NULL DEFAULT '[{"after":null,"upTo":null}]' CHECK (json_valid(open));

UPDATE sync_pull SET open = json_array(json_object('after', cursor, 'upTo', NULL)) WHERE finished IS NULL;

-- How often an edit of a field of rows that ride inside others was met together with a new date of the row that they ride in, and how
-- often without one.
CREATE TABLE sync_dated_edit (
  resource TEXT NOT NULL,
  field    TEXT NOT NULL,
  dated    INTEGER NOT NULL,
  undated  INTEGER NOT NULL,
  -- When one was met last.
  at       TEXT NOT NULL,
  PRIMARY KEY (resource, field)
) STRICT, WITHOUT ROWID;
