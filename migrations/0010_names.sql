-- Names that were worn before, names that are held for somebody, addresses that change,
-- accounts that are about to be erased.
CREATE TABLE account_name (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_skeleton TEXT NOT NULL,
    name_look TEXT NOT NULL,
    from_ms {i64} NOT NULL,
    until_ms {i64} NOT NULL,
    kept_until_ms {i64} NOT NULL -- until then nobody else may have it
) {strict};
CREATE INDEX account_name_account ON account_name (account_id, until_ms);
CREATE INDEX account_name_skeleton ON account_name (name_skeleton);
CREATE INDEX account_name_look ON account_name (name_look);

-- One a member, one holder a name, for half an hour.
CREATE TABLE name_hold (
    account_id {i64} NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_skeleton TEXT NOT NULL,
    name_look TEXT NOT NULL,
    ends_at_ms {i64} NOT NULL
) {strict};
CREATE UNIQUE INDEX name_hold_skeleton ON name_hold (name_skeleton);
CREATE INDEX name_hold_look ON name_hold (name_look);
CREATE INDEX name_hold_ends ON name_hold (ends_at_ms);

-- asked: the address that an account wants; done: the one it had and may have back.
CREATE TABLE address_change (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('asked', 'done')),
    email_ct {bytes} NOT NULL,
    email_bi {bytes} NOT NULL,
    created_at_ms {i64} NOT NULL,
    ends_at_ms {i64} NOT NULL
) {strict};
CREATE UNIQUE INDEX address_change_asked ON address_change (account_id) WHERE state = 'asked';
CREATE INDEX address_change_account ON address_change (account_id, id);
CREATE INDEX address_change_address ON address_change (email_bi);
CREATE INDEX address_change_ends ON address_change (ends_at_ms);

-- Ended and to be erased then; without an end_reason it was its owner's wish.
ALTER TABLE account ADD COLUMN erase_at_ms {i64};
CREATE INDEX account_erase ON account (erase_at_ms) WHERE erase_at_ms IS NOT NULL;
CREATE INDEX account_address ON account (email_bi);
-- The look-up hash no longer minds small and capital letters: the job makes all anew.
UPDATE account SET email_bi = NULL;
