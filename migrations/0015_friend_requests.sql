-- Who asked whom to be friends.  A refused one stays, so that nobody can tell and ask again.
CREATE TABLE friend_request (
    from_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    to_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    note_ct {bytes}, -- sealed with the asker's key; NULL: none
    at_ms {i64} NOT NULL,
    refused_ms {i64}, -- NULL: waits for an answer
    PRIMARY KEY (from_id, to_id)
) {clustered};
CREATE INDEX friend_request_to ON friend_request (to_id, at_ms);
