-- What a member is told of: one row a thing that it leads to, counted until it was read.
CREATE TABLE notice (
    id {i64} PRIMARY KEY, -- new each time it happens again: "read" means what somebody saw
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- who is told
    kind TEXT NOT NULL,
    about_id {i64} REFERENCES account (id) ON DELETE CASCADE, -- who did it last; NULL: the site
    target TEXT NOT NULL, -- public id of what it leads to; '' for nothing
    count {i64} NOT NULL, -- how many since it was last read
    at_ms {i64} NOT NULL, -- the last of them
    read_ms {i64},
    mailed_ms {i64}, -- since when no mail has to tell of it; NULL: the next one will
    UNIQUE (account_id, kind, target)
) {strict};
CREATE INDEX notice_account ON notice (account_id, id);
CREATE INDEX notice_about ON notice (about_id);

-- Somebody whose next mail about what is new is on its way: a job of theirs waits.
CREATE TABLE notice_digest (
    account_id {i64} NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    since_ms {i64} NOT NULL -- the first that it will tell of
) {strict};

-- How a member wants to be told; without a row: as it is for everybody at first.
CREATE TABLE notice_choice (
    account_id {i64} NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    digest TEXT NOT NULL CHECK (digest IN ('soon', 'hourly', 'daily')),
    names {i64} NOT NULL CHECK (names IN (0, 1)), -- 0: pushes name nobody
    quiet {i64} NOT NULL CHECK (quiet IN (0, 1)),
    quiet_from {i64} NOT NULL CHECK (quiet_from BETWEEN 0 AND 1439), -- minutes of the day
    quiet_to {i64} NOT NULL CHECK (quiet_to BETWEEN 0 AND 1439),
    zone TEXT NOT NULL, -- IANA, where those minutes are
    changed_ms {i64} NOT NULL
) {strict};

-- The kinds of push that a member switched; the others are on.
CREATE TABLE push_choice (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    wanted {i64} NOT NULL CHECK (wanted IN (0, 1)),
    changed_ms {i64} NOT NULL,
    PRIMARY KEY (account_id, topic)
) {clustered};

-- Browsers that asked for Web Push.  One a session, and it ends with it.
CREATE TABLE push_device (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    session_id {i64} NOT NULL UNIQUE REFERENCES session (id) ON DELETE CASCADE,
    endpoint_bi {bytes} NOT NULL UNIQUE, -- keyed hash: a browser belongs to who signed in last
    endpoint_ct {bytes} NOT NULL,
    auth_ct {bytes} NOT NULL,
    p256dh {bytes} NOT NULL, -- the browser's public key
    created_ms {i64} NOT NULL
) {strict};
CREATE INDEX push_device_account ON push_device (account_id);

-- Pushes that are to be sent: gone when sent or given up.
CREATE TABLE push (
    device_id {i64} NOT NULL REFERENCES push_device (id) ON DELETE CASCADE,
    notice_id {i64} NOT NULL REFERENCES notice (id) ON DELETE CASCADE ON UPDATE CASCADE,
    topic TEXT, -- the switch it hangs on; NULL: none
    lease {i64} NOT NULL DEFAULT 0, -- who sends it now
    tries {i64} NOT NULL DEFAULT 0,
    due_ms {i64} NOT NULL, -- leased: when the lease ends
    created_ms {i64} NOT NULL,
    PRIMARY KEY (device_id, notice_id)
) {clustered};
CREATE INDEX push_due ON push (due_ms);
CREATE INDEX push_notice ON push (notice_id);
CREATE INDEX push_lease ON push (lease) WHERE lease <> 0;
