-- What the server itself has to remember: work for later, and answers for those who ask again.

-- A job runs at least once.  `running_until_ms` is its lease: when it lies in the past, whoever
-- had the job died with it.  `only_key` keeps a periodic job single on all nodes.
CREATE TABLE job (
    id {i64} NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    only_key TEXT,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    run_at_ms {i64} NOT NULL,
    running_until_ms {i64} NOT NULL,
    tries {i64} NOT NULL,
    error_code TEXT,
    made_ms {i64} NOT NULL,
    ended_ms {i64} NOT NULL
) {strict};

CREATE UNIQUE INDEX job_only ON job (only_key);
CREATE INDEX job_due ON job (state, run_at_ms);

-- The first answer to a call with an Idempotency-Key, kept for 24 hours.
CREATE TABLE idempotency (
    account_id {i64} NOT NULL,
    key_hash {bytes} NOT NULL,
    request_hash {bytes} NOT NULL,
    status {i64} NOT NULL,
    answer TEXT,
    made_ms {i64} NOT NULL,
    PRIMARY KEY (account_id, key_hash)
) {clustered};

CREATE INDEX idempotency_made ON idempotency (made_ms);
