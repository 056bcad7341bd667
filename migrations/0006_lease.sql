-- Who writes: each holder of the store's lock counts up, and only the newest may go on.
CREATE TABLE sync_lease (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  epoch   INTEGER NOT NULL,
  host    TEXT NOT NULL,
  pid     INTEGER NOT NULL,
  started TEXT NOT NULL,
  -- 0 from a holder's beginning to its end; the next one that finds it so looks the file over first.
  clean   INTEGER NOT NULL CHECK (clean IN (0, 1))
) STRICT;

-- Null in entries of before there were epochs, and of a mirror that no holder ever took.
ALTER TABLE sync_journal ADD COLUMN epoch INTEGER;

CREATE TRIGGER sync_journal_newest_writer BEFORE INSERT ON sync_journal
WHEN NEW.epoch IS NOT (SELECT epoch FROM sync_lease)
BEGIN
  SELECT RAISE(ABORT, 'another process has taken the mirror over');
END;
