-- revision: what is signed is a fold over a handful of entries; the Record screen filters by the same words.
CREATE INDEX record_action ON record (action, no);
CREATE INDEX record_reader ON record (reader, no);
CREATE INDEX record_at ON record (at);
