-- merge: where an entry that came from another copy was made, as JSON; NULL for one made here.
ALTER TABLE record ADD COLUMN origin TEXT;
