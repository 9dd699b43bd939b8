-- What the method of a run learnt before its maps; vectors lie in the run's fit.pack.

CREATE TABLE fit (
  run INTEGER PRIMARY KEY,
  plan TEXT NOT NULL, -- the run's identity before anything was learnt; run.identity then holds the result's hash too
  source TEXT NOT NULL,
  options TEXT NOT NULL, -- JSON
  items TEXT NOT NULL, -- JSON list of item numbers, in the order they are read
  k INTEGER, -- values of one vector; NULL before the first
  tried INTEGER NOT NULL DEFAULT 0, -- items whose vectors count
  vectors INTEGER NOT NULL DEFAULT 0, -- rows of fit.pack that count
  empty INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  dims TEXT, -- JSON; NULL until it is solved, as are the next three
  fitted BLOB, -- float32, little-endian
  facts TEXT, -- JSON
  sha256 TEXT
) STRICT;
CREATE INDEX fit_plan ON fit (plan);
