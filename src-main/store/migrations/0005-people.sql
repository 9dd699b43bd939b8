-- What each reader may do, and the open half of the key that signs for them. Whoever came first leads.
ALTER TABLE reader ADD COLUMN role TEXT NOT NULL DEFAULT 'reviewer';
ALTER TABLE reader ADD COLUMN public_key TEXT;
UPDATE reader SET role = 'lead' WHERE record_no = (SELECT min(record_no) FROM reader);
