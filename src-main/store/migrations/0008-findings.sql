-- Findings: named groups of items that share one problem. A fold over the record, as everything people say is.

CREATE TABLE finding (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL DEFAULT '',
  statement TEXT NOT NULL DEFAULT '',
  shortcut TEXT,
  classes TEXT NOT NULL DEFAULT '[]', -- JSON
  subgroup TEXT NOT NULL DEFAULT '',
  plate TEXT NOT NULL DEFAULT '[]', -- JSON: item numbers in order
  tests TEXT NOT NULL DEFAULT '[]', -- JSON: ids of region tests
  severity TEXT NOT NULL DEFAULT 'minor',
  harm TEXT NOT NULL DEFAULT '',
  recommendations TEXT NOT NULL DEFAULT '[]', -- JSON
  advice TEXT NOT NULL DEFAULT '',
  owner TEXT,
  state TEXT NOT NULL DEFAULT 'open',
  reader TEXT,
  record_no INTEGER NOT NULL
) STRICT;

-- Kept apart from its finding: a finding taken back and made again finds its items.
CREATE TABLE finding_item (
  finding TEXT NOT NULL,
  item INTEGER NOT NULL,
  record_no INTEGER NOT NULL,
  PRIMARY KEY (finding, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_item_item ON finding_item (item);

CREATE TABLE finding_comment (
  finding TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  reader TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (finding, record_no)
) STRICT, WITHOUT ROWID;

-- Meetings, and what they agreed on: readings of their own beside the judgements of readers.
CREATE TABLE meeting (
  id TEXT PRIMARY KEY,
  present TEXT NOT NULL, -- JSON: names
  presenter TEXT,
  record_no INTEGER NOT NULL
) STRICT;

CREATE TABLE consensus (
  item INTEGER NOT NULL,
  meeting TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reasons TEXT NOT NULL DEFAULT '[]', -- JSON
  run TEXT,
  dissent INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  record_no INTEGER NOT NULL,
  PRIMARY KEY (item, meeting)
) STRICT, WITHOUT ROWID;
