-- Reliability sheets: one for each model (with its preparation), layer, method and what the method learnt.

CREATE TABLE sheet (
  id TEXT PRIMARY KEY, -- SHA-256 of what it was made for
  model TEXT NOT NULL REFERENCES model (id),
  tap TEXT NOT NULL,
  method TEXT NOT NULL,
  fit TEXT NOT NULL, -- hash of what the method learnt; '' where it learns nothing
  verdict TEXT NOT NULL,
  content TEXT NOT NULL, -- JSON, as in the entry of the record
  record_no INTEGER NOT NULL,
  UNIQUE (model, tap, method, fit)
) STRICT;

-- JSON: why an item has no map. NULL where it has one, whose own flags hold, and in rows from before this version.
ALTER TABLE measure ADD COLUMN no_map TEXT;
