-- Plans that were frozen, each by one entry of the record, and what their queues are for.

CREATE TABLE plan (
  record_no INTEGER PRIMARY KEY,
  hash TEXT NOT NULL, -- of what its rates depend on
  value TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE plan_queue (
  queue TEXT PRIMARY KEY,
  plan INTEGER NOT NULL REFERENCES plan (record_no),
  role TEXT NOT NULL, -- random, second, adjudication, suspects, filter
  hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_queue_hash ON plan_queue (hash, role);
