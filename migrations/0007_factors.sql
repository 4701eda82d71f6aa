-- One-time codes, recovery codes, devices that were seen before.

-- There is a row while signing in takes two steps.
CREATE TABLE second_factor (
    account_id {i64} NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    short_password {i64} NOT NULL DEFAULT 0 CHECK (short_password IN (0, 1)), -- of 8 to 14 code points
    since_ms {i64} NOT NULL
) {strict};

CREATE TABLE totp (
    account_id {i64} NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    secret_ct {bytes} NOT NULL,
    last_step {i64} NOT NULL DEFAULT 0, -- a code of this step or an older one was used: never again
    confirmed_at_ms {i64}, -- NULL: shown, but no code has come yet
    created_at_ms {i64} NOT NULL
) {strict};

CREATE TABLE recovery_code (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    hash {bytes} NOT NULL, -- keyed, the key is not here
    used_at_ms {i64},
    created_at_ms {i64} NOT NULL,
    PRIMARY KEY (account_id, hash)
) {clustered};

-- A browser in which the account was signed in; the hash is another one for each account.
CREATE TABLE device (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    hash {bytes} NOT NULL,
    label TEXT NOT NULL,
    country TEXT,
    first_at_ms {i64} NOT NULL,
    seen_at_ms {i64} NOT NULL,
    UNIQUE (account_id, hash)
) {strict};
CREATE INDEX device_seen ON device (seen_at_ms);
ALTER TABLE session ADD COLUMN device_id {i64} REFERENCES device (id) ON DELETE SET NULL;
CREATE INDEX session_device ON session (device_id);
