-- Somebody of the staff may have several roles, each with its own powers (src/call/roles.h).  Until
-- now there was one, of whom decides on parents' consent and on reports: they go on doing both.
CREATE TABLE staff_before (
    account_id {i64} NOT NULL PRIMARY KEY,
    by_id {i64},
    since_ms {i64} NOT NULL
) {strict};
INSERT INTO staff_before (account_id, by_id, since_ms) SELECT account_id, by_id, since_ms FROM staff;
DROP TABLE staff;
CREATE TABLE staff (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('moderator', 'support', 'privacy', 'payout')),
    by_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    since_ms {i64} NOT NULL,
    PRIMARY KEY (account_id, role)
) {strict};
CREATE INDEX staff_by ON staff (by_id);
INSERT INTO staff (account_id, role, by_id, since_ms)
    SELECT account_id, 'moderator', by_id, since_ms FROM staff_before;
INSERT INTO staff (account_id, role, by_id, since_ms)
    SELECT account_id, 'privacy', by_id, since_ms FROM staff_before;
DROP TABLE staff_before;
