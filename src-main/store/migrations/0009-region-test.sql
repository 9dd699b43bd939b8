-- Region tests: what covering a region cost the score. A fold over the record, as everything people do is.

CREATE TABLE region_test (
  id TEXT PRIMARY KEY,
  item INTEGER NOT NULL,
  run TEXT NOT NULL,
  region TEXT, -- NULL: a shape given in numbers
  shape TEXT NOT NULL, -- JSON: as it was when it was tested
  fill TEXT NOT NULL,
  seed INTEGER NOT NULL,
  result TEXT NOT NULL, -- JSON
  reader TEXT NOT NULL,
  record_no INTEGER NOT NULL
) STRICT;
CREATE INDEX region_test_item ON region_test (item);
