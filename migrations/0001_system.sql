-- What the server itself needs, whatever the features are.  The table `migration`
-- is made by store/migrate.c, before this file runs.

-- Values of the whole site that change while it runs: one row a name.
--   INSERT INTO meta (name, number, changed_ms) VALUES ($1, 1, $2)
--   ON CONFLICT (name) DO UPDATE SET number = meta.number + 1, changed_ms = excluded.changed_ms
--   RETURNING number
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    number {i64} NOT NULL DEFAULT 0,
    value TEXT,
    changed_ms {i64} NOT NULL
) {strict};

-- Answers to unsafe calls, kept for a day, so that a repeat gets the first answer.
CREATE TABLE idempotency (
    actor_id {i64} NOT NULL, -- 0: nobody was signed in
    key_hash {bytes} NOT NULL, -- SHA-256 of the Idempotency-Key
    request_hash {bytes} NOT NULL, -- SHA-256 of method, path and body
    status {i64} NOT NULL,
    body {bytes}, -- what the api needs to give the same answer again
    at_ms {i64} NOT NULL,
    PRIMARY KEY (actor_id, key_hash)
) {clustered};
CREATE INDEX idempotency_at ON idempotency (at_ms);

-- Work for later and effects after a commit.  Done rows are deleted; dead ones wait for a human.
CREATE TABLE job (
    id {i64} NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    once TEXT UNIQUE, -- at most one such row: the kind of a job that comes again and again
    account_id {i64}, -- whom it is about, so that erasing a member finds it
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
    run_at_ms {i64} NOT NULL, -- running: when it counts as lost and is taken again
    tries {i64} NOT NULL DEFAULT 0,
    why TEXT, -- the code of the last failure
    created_ms {i64} NOT NULL
) {strict};
CREATE INDEX job_due ON job (state, run_at_ms);
CREATE INDEX job_account ON job (account_id);
