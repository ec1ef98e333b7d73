migrate-sure = Go back to version { $version }? What only later versions can hold is lost; make a backup first (rapport backup).
migrate-done = The database is at version { $version } now; it was at { $before }
migrate-same = The database is at version { $version } already
backup-made = { $rows } rows and { $attachments } attachments are in { $file }
backup-keys = The keys are not in it. Keep { $file } too, elsewhere: without it nobody can read the names in the backup.
backup-restored = Restored as of { $moment } (UTC): { $rows } rows and { $attachments } attachments. Whoever was erased since then must be erased again.
