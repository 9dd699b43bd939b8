-- What this computer knows: audits by their folder, who works here, settings.

CREATE TABLE audit (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  folder TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  stamp TEXT, -- of the files the card was made from
  card TEXT -- JSON, good while the stamp holds
) STRICT;

CREATE TABLE reader (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, initials TEXT NOT NULL) STRICT;

CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
