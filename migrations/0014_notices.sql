-- What a member is told of: one row a thing that it leads to, counted until it was read.
CREATE TABLE notice (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- who is told
    kind TEXT NOT NULL,
    about_id {i64} REFERENCES account (id) ON DELETE CASCADE, -- who did it last; NULL: the site
    target TEXT NOT NULL, -- public id of what it leads to; '' for nothing
    count {i64} NOT NULL, -- how many since it was last read
    at_ms {i64} NOT NULL, -- the last of them
    read_ms {i64},
    UNIQUE (account_id, kind, target)
) {strict};
CREATE INDEX notice_account ON notice (account_id, at_ms);
CREATE INDEX notice_about ON notice (about_id);
