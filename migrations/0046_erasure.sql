-- How far the erasure of an account is: a kill at any step goes on there. Goes with the account.
CREATE TABLE erasure (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL UNIQUE REFERENCES account (id) ON DELETE CASCADE,
    key_id {i64} NOT NULL, -- the account's: burned before any row goes
    plan TEXT NOT NULL, -- the hash of the steps; another one after an update begins anew
    step {i64} NOT NULL,
    counts TEXT NOT NULL, -- rows by table and role
    started_ms {i64} NOT NULL
) {strict};

-- Whoever is erased is looked for here.
CREATE INDEX invite_maker ON invite (made_by);
CREATE INDEX report_reporter ON report (reporter_id);
CREATE INDEX room_removed_by ON room_removed (by_id);
CREATE INDEX staff_act_by ON staff_act (by_id);
