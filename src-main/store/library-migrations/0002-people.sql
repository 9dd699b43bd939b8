-- The role somebody joins an audit in, and the open half of their key on this computer.
ALTER TABLE reader ADD COLUMN role TEXT NOT NULL DEFAULT 'reviewer';
ALTER TABLE reader ADD COLUMN public_key TEXT;
