-- Further models that a run reads beside the one it explains: JSON list of path, output, file name and hash. NULL: none.

ALTER TABLE run ADD COLUMN others TEXT;
