-- Outside accounts that a member signs in with.  Who it is at the provider is only known by a keyed
-- hash, for looking up, and by the sealed subject, for the member's own eyes.
CREATE TABLE identity (
    id {i64} NOT NULL PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    provider TEXT NOT NULL, -- its id in the operator's file
    subject_bi {bytes} NOT NULL UNIQUE, -- over issuer and subject
    subject_ct {bytes} NOT NULL,
    created_at_ms {i64} NOT NULL,
    used_at_ms {i64} NOT NULL,
    UNIQUE (account_id, provider)
) {strict};
