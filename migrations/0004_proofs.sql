-- How sessions were proved, one-time secrets, and who of the staff decides on consent.
ALTER TABLE session ADD COLUMN proof {i64} NOT NULL DEFAULT 1; -- enum proof
ALTER TABLE session ADD COLUMN proved_at_ms {i64} NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN place_ct {bytes}; -- city and region, sealed

-- A secret that opens one door once: a link in a mail, a challenge, a state.  Only its hash is here.
CREATE TABLE ticket (
    hash {bytes} NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    account_id {i64} REFERENCES account (id) ON DELETE CASCADE, -- NULL: nobody's yet
    note TEXT NOT NULL, -- ids and numbers as JSON, never words of people
    tries_left {i64} NOT NULL,
    created_at_ms {i64} NOT NULL,
    ends_at_ms {i64} NOT NULL
) {clustered};
CREATE INDEX ticket_account ON ticket (account_id, kind);
CREATE INDEX ticket_ends ON ticket (ends_at_ms);

CREATE TABLE staff (
    account_id {i64} NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('officer')),
    by_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    since_ms {i64} NOT NULL
) {strict};
CREATE INDEX staff_by ON staff (by_id);
