-- frames: an item is a file, or one frame of it. The table is made again, for its old uniqueness was the path alone;
-- rows keep their numbers, and what refers to them its meaning.

-- Evidence refers to items, so it steps aside while their table is exchanged.
CREATE TABLE evidence_aside AS SELECT item, source FROM evidence;
DELETE FROM evidence;

CREATE TABLE item_of_frame (
  no INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  frame INTEGER NOT NULL DEFAULT 0, -- from 1; 0: the file is one picture
  frames INTEGER NOT NULL DEFAULT 1, -- that the file states
  bytes INTEGER NOT NULL,
  modified_ms REAL NOT NULL,
  sha256 TEXT, -- of the file
  width INTEGER,
  height INTEGER,
  average_grey INTEGER,
  label INTEGER REFERENCES class (code),
  labels TEXT, -- JSON, where there are several
  split TEXT,
  unit TEXT, -- patient, study or other group; of DICOM a keyed hash
  study TEXT, -- keyed hash of a DICOM study
  has_evidence INTEGER NOT NULL,
  missing INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  -- The file is not the one that was judged (RX-128): its hash then, while `sha256` is what it has now, and the record's
  -- last entry when that was seen. Verdicts up to it are for the earlier file.
  judged_sha256 TEXT,
  changed_no INTEGER,
  UNIQUE (path, frame)
) STRICT;

INSERT INTO item_of_frame (no, path, bytes, modified_ms, sha256, width, height, average_grey, label, labels, split,
    unit, has_evidence, missing, error)
  SELECT no, path, bytes, modified_ms, sha256, width, height, average_grey, label, labels, split, unit, has_evidence,
    missing, error FROM item;

DROP TABLE item;
ALTER TABLE item_of_frame RENAME TO item;

INSERT INTO evidence (item, source) SELECT item, source FROM evidence_aside ORDER BY item;
DROP TABLE evidence_aside;

-- What patients and studies are hashed with: never exported, never in the record.
CREATE TABLE secret (one INTEGER PRIMARY KEY CHECK (one = 1), bytes BLOB NOT NULL) STRICT;
