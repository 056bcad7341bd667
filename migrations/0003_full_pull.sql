-- Start of the last complete pull that read everything: what the store changes without dating it is seen by those only.
ALTER TABLE sync_freshness ADD COLUMN full_as_of TEXT;
