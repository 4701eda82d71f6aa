-- Rooms and what is said in them.
CREATE TABLE room (
    id {i64} NOT NULL PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_fold TEXT NOT NULL, -- what search and order compare
    scene TEXT NOT NULL,
    language TEXT NOT NULL,
    capacity {i64} NOT NULL CHECK (capacity BETWEEN 2 AND 200),
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'unlisted', 'closed')),
    owner_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    keep_days {i64} NOT NULL CHECK (keep_days BETWEEN 1 AND 90),
    epoch {i64} NOT NULL DEFAULT 0, -- one more each time the room comes to life
    seq_base {i64} NOT NULL DEFAULT 0, -- the highest number that was swept: never given again
    swept_ms {i64} NOT NULL DEFAULT 0, -- when old lines were last looked for
    created_ms {i64} NOT NULL,
    ended_ms {i64} -- closed for good: shown to nobody, swept away
) {strict};
CREATE INDEX room_listed ON room (visibility, name_fold, id);
CREATE INDEX room_owner ON room (owner_id);
CREATE INDEX room_swept ON room (swept_ms);

-- The unique key is the index by writer too: export, erasure and repeats look there.
CREATE TABLE line (
    room_id {i64} NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    seq {i64} NOT NULL,
    epoch {i64} NOT NULL,
    sender_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    at_ms {i64} NOT NULL,
    body_ct {bytes} NOT NULL,
    PRIMARY KEY (room_id, seq),
    UNIQUE (sender_id, room_id, client_id)
) {clustered};

-- Who may not come in for a while.
CREATE TABLE room_removed (
    room_id {i64} NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    by_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    until_ms {i64} NOT NULL,
    PRIMARY KEY (room_id, account_id)
) {clustered};
CREATE INDEX room_removed_account ON room_removed (account_id);
CREATE INDEX room_removed_until ON room_removed (until_ms);
