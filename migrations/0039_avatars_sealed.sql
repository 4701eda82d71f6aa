-- Which ready avatar somebody chose may say what they believe: the job looks.ids makes a sealed recipe of
-- it and writes 'look' in its place. Who has no look yet is among these.
CREATE INDEX account_avatar_clear ON account (id) WHERE avatar <> 'look';
DROP INDEX account_lookless;
