-- Ranges of keys (JSON) that a pull by keys has still to read: it reads several at a time. `cursor` is left to listings by page
-- numbers and to resources of many lists.
ALTER TABLE sync_pull ADD COLUMN open TEXT NOT NULL DEFAULT '[{"after":null,"upTo":null}]' CHECK (json_valid(open));

UPDATE sync_pull SET open = json_array(json_object('after', cursor, 'upTo', NULL)) WHERE finished IS NULL;
