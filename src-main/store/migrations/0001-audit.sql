-- One audit: what was given (audit … evidence), what was computed (model … failure), what was done (record … counter).

CREATE TABLE audit (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  medical INTEGER NOT NULL,
  sources TEXT NOT NULL, -- JSON: where images, labels, classes and evidence were found
  notes TEXT NOT NULL -- JSON: how, in words
) STRICT;

CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE class (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE item (
  no INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  modified_ms REAL NOT NULL,
  sha256 TEXT,
  width INTEGER,
  height INTEGER,
  average_grey INTEGER,
  label INTEGER REFERENCES class (code),
  labels TEXT, -- JSON, where there are several
  split TEXT,
  unit TEXT, -- patient, study or other group
  has_evidence INTEGER NOT NULL,
  missing INTEGER NOT NULL DEFAULT 0,
  error TEXT
) STRICT;

CREATE TABLE evidence (item INTEGER PRIMARY KEY REFERENCES item (no), source TEXT NOT NULL) STRICT;

CREATE TABLE facet (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE facet_value (
  id INTEGER PRIMARY KEY,
  facet INTEGER NOT NULL REFERENCES facet (id),
  text TEXT NOT NULL,
  UNIQUE (facet, text)
) STRICT;
CREATE TABLE item_facet (
  facet INTEGER NOT NULL,
  item INTEGER NOT NULL,
  value INTEGER NOT NULL REFERENCES facet_value (id),
  PRIMARY KEY (facet, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_facet_item ON item_facet (item);

CREATE TABLE model (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  path TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  class_names TEXT NOT NULL,
  preparation TEXT NOT NULL,
  description TEXT NOT NULL,
  proven INTEGER NOT NULL,
  accuracy TEXT
) STRICT;

CREATE TABLE run (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  identity TEXT NOT NULL,
  model TEXT NOT NULL REFERENCES model (id),
  method TEXT NOT NULL,
  tap TEXT NOT NULL,
  target TEXT NOT NULL,
  second_method TEXT,
  seed INTEGER NOT NULL,
  device TEXT NOT NULL,
  gradient TEXT NOT NULL,
  state TEXT NOT NULL,
  items TEXT, -- JSON list of item numbers; NULL: every item
  planned INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  started_at TEXT,
  ended_at TEXT,
  raw_p99 REAL,
  raw_min REAL,
  weak_below REAL,
  maps_bytes INTEGER NOT NULL DEFAULT 0, -- committed length of maps.pack
  logits_bytes INTEGER NOT NULL DEFAULT 0, -- committed length of logits.pack
  revision INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX run_identity ON run (identity);

CREATE TABLE prediction (
  run INTEGER NOT NULL,
  item INTEGER NOT NULL,
  class INTEGER NOT NULL,
  confidence REAL NOT NULL,
  correct INTEGER,
  logits_at INTEGER NOT NULL, -- byte offset in logits.pack
  PRIMARY KEY (run, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE map (
  run INTEGER NOT NULL,
  item INTEGER NOT NULL,
  at INTEGER NOT NULL, -- byte offset in maps.pack
  height INTEGER NOT NULL,
  width INTEGER NOT NULL,
  raw_min REAL NOT NULL,
  raw_max REAL NOT NULL,
  target INTEGER,
  flags TEXT NOT NULL,
  seen TEXT,
  PRIMARY KEY (run, item)
) STRICT, WITHOUT ROWID;

-- NULL: not there; `causes` says why.
CREATE TABLE measure (
  run INTEGER NOT NULL,
  item INTEGER NOT NULL,
  inside_energy REAL,
  evidence_area REAL,
  pointing_hit REAL,
  iou_top20 REAL,
  border_share REAL,
  corner_share REAL,
  text_overlap REAL,
  entropy REAL,
  agreement REAL,
  stability REAL,
  raw_max REAL,
  suspicion REAL,
  focus REAL,
  border REAL,
  corner REAL,
  text REAL,
  necessity REAL,
  s1 REAL,
  s2 REAL,
  s3 REAL,
  s4 REAL,
  causes TEXT NOT NULL,
  predicted_focus TEXT,
  PRIMARY KEY (run, item)
) STRICT, WITHOUT ROWID;

-- Words about a measure, apart from it: whole columns of numbers are read often, these one item at a time.
CREATE TABLE explanation (
  run INTEGER NOT NULL,
  item INTEGER NOT NULL,
  artefacts TEXT NOT NULL DEFAULT '{}',
  evidence_level TEXT,
  why TEXT,
  PRIMARY KEY (run, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE failure (
  run INTEGER NOT NULL,
  item INTEGER NOT NULL,
  error TEXT NOT NULL,
  PRIMARY KEY (run, item)
) STRICT, WITHOUT ROWID;

-- The record: append-only, hash-chained. Everything below it is a fold over it.
CREATE TABLE record (
  no INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  reader TEXT,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  command_id TEXT UNIQUE,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX record_object ON record (object);
CREATE TRIGGER record_is_append_only_update BEFORE UPDATE ON record
  BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE TRIGGER record_is_append_only_delete BEFORE DELETE ON record
  BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;

-- What a person did and may undo.
CREATE TABLE action (no INTEGER PRIMARY KEY, reader TEXT NOT NULL, item INTEGER, undone_by INTEGER) STRICT;
CREATE INDEX action_reader ON action (reader, no);

-- Every value a cell of the state ever had; the last one that is not undone holds.
CREATE TABLE change (
  cell TEXT NOT NULL,
  no INTEGER NOT NULL,
  value TEXT, -- JSON; NULL: empty
  undone INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (cell, no)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_no ON change (no);

CREATE TABLE reader (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  initials TEXT NOT NULL,
  record_no INTEGER NOT NULL
) STRICT;

CREATE TABLE judgement (
  item INTEGER NOT NULL,
  reader TEXT NOT NULL,
  verdict TEXT,
  verdict_no INTEGER,
  view_no INTEGER, -- the entry that holds what was on screen
  run TEXT,
  reasons TEXT NOT NULL DEFAULT '[]',
  certainty INTEGER,
  comment TEXT NOT NULL DEFAULT '',
  fault TEXT,
  discuss INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (item, reader)
) STRICT, WITHOUT ROWID;

CREATE TABLE region (
  id TEXT PRIMARY KEY,
  item INTEGER NOT NULL,
  kind TEXT NOT NULL,
  shape TEXT NOT NULL,
  reader TEXT NOT NULL,
  note TEXT NOT NULL,
  area_share REAL NOT NULL,
  record_no INTEGER NOT NULL
) STRICT;
CREATE INDEX region_item ON region (item);

CREATE TABLE report_text (field TEXT PRIMARY KEY, text TEXT NOT NULL, record_no INTEGER NOT NULL) STRICT;

CREATE TABLE queue (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  rule TEXT NOT NULL,
  record_no INTEGER NOT NULL
) STRICT;
CREATE TABLE queue_item (
  queue TEXT NOT NULL,
  position INTEGER NOT NULL,
  item INTEGER NOT NULL,
  PRIMARY KEY (queue, position)
) STRICT, WITHOUT ROWID;

-- Revisions of what columns are built from: the number of the last change to each.
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
