-- One row: the last entry of the journal that was dropped because of its age. The chain goes on from its hash.
CREATE TABLE sync_journal_anchor (
  id  INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL,
  sha TEXT NOT NULL,
  at  TEXT NOT NULL
) STRICT;

CREATE TRIGGER sync_journal_anchor_new BEFORE INSERT ON sync_journal_anchor
WHEN NOT EXISTS (SELECT 1 FROM sync_journal WHERE seq = NEW.seq AND sha = NEW.sha)
BEGIN
  SELECT RAISE(ABORT, 'the anchor is an entry of the journal');
END;

CREATE TRIGGER sync_journal_anchor_moved BEFORE UPDATE ON sync_journal_anchor
WHEN NEW.seq <= OLD.seq OR NOT EXISTS (SELECT 1 FROM sync_journal WHERE seq = NEW.seq AND sha = NEW.sha)
BEGIN
  SELECT RAISE(ABORT, 'the anchor moves forward to an entry of the journal');
END;

CREATE TRIGGER sync_journal_anchor_stays BEFORE DELETE ON sync_journal_anchor
BEGIN
  SELECT RAISE(ABORT, 'the anchor stays');
END;

DROP TRIGGER sync_journal_no_delete;

CREATE TRIGGER sync_journal_no_delete BEFORE DELETE ON sync_journal
WHEN OLD.seq > coalesce((SELECT seq FROM sync_journal_anchor), 0)
BEGIN
  SELECT RAISE(ABORT, 'the journal is only ever added to');
END;
