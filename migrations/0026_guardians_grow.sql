-- A parent's powers end when the child needs no parent any more; links that were sent stay good
-- when somebody asks for another; an account is found by its very name, too.
ALTER TABLE guardian ADD COLUMN until_age {i64} NOT NULL DEFAULT 0; -- 0: what the country says
CREATE TABLE guardian_link (
    hash {bytes} PRIMARY KEY, -- of a link before the newest
    guardian_id {i64} NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    made_at_ms {i64} NOT NULL
) {strict};
CREATE INDEX guardian_link_of ON guardian_link (guardian_id, made_at_ms);
CREATE INDEX account_name_is ON account (avatar_name);
