-- identity: what a person answered for a picture that may show a name. No value of identity is here, only that one was asked.

CREATE TABLE identity_answer (
  item INTEGER PRIMARY KEY,
  answer TEXT NOT NULL, -- masked, confirmed, left-out
  boxes TEXT NOT NULL, -- JSON: rectangles in fractions of the upright picture, filled in everything that leaves
  reader TEXT NOT NULL,
  record_no INTEGER NOT NULL
) STRICT;
