-- What people agreed to, when, to which text; how the client runs, in sums.
-- A row is never changed: the highest seq of a purpose counts.
CREATE TABLE consent (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    seq {i64} NOT NULL,
    given {i64} NOT NULL CHECK (given IN (0, 1)),
    how TEXT NOT NULL,
    language TEXT NOT NULL,
    text_hash {bytes} NOT NULL, -- SHA-256 of the sentence that was shown
    at_ms {i64} NOT NULL,
    PRIMARY KEY (account_id, purpose, seq)
) {clustered};

-- How often something was measured on a day; of nobody.
CREATE TABLE performance (
    day {i64} NOT NULL, -- its first millisecond, UTC
    metric TEXT NOT NULL,
    bucket TEXT NOT NULL,
    count {i64} NOT NULL,
    PRIMARY KEY (day, metric, bucket)
) {clustered};
