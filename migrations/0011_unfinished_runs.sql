-- Every run asks for those that were killed; the table grows with the years, and they are few.
CREATE INDEX sync_run_unfinished ON sync_run (number) WHERE state = 'running';
