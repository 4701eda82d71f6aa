-- Friends, and who asked whom.
CREATE TABLE friendship (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    friend_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    since_ms {i64} NOT NULL,
    favourite {i64} NOT NULL DEFAULT 0 CHECK (favourite IN (0, 1)),
    PRIMARY KEY (account_id, friend_id)
) {clustered};
CREATE INDEX friendship_friend ON friendship (friend_id, account_id);
