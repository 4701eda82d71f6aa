-- The outbox, what became of each mail, and which kinds a member wants.
CREATE TABLE mail (
    id {i64} NOT NULL PRIMARY KEY,
    account_id {i64} REFERENCES account (id) ON DELETE CASCADE, -- NULL: somebody who has none
    key_id {i64} NOT NULL, -- seals to_ct and values_ct
    kind TEXT NOT NULL,
    topic TEXT, -- the switch it hangs on; NULL: necessary
    language TEXT NOT NULL,
    elsewhere {i64} NOT NULL CHECK (elsewhere IN (0, 1)), -- 1: not to the account's own address
    to_ct {bytes}, -- where else to; gone as soon as nothing is left to do
    values_ct {bytes}, -- what it says; gone with it
    code_hash {bytes} NOT NULL UNIQUE, -- of the code in it, for "was this really from us?"
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'bounced', 'dead', 'dropped')),
    rank {i64} NOT NULL CHECK (rank IN (0, 1)), -- 0 goes first: somebody waits for it
    lease {i64} NOT NULL DEFAULT 0, -- the batch that has it; 0: none
    tries {i64} NOT NULL DEFAULT 0,
    due_ms {i64} NOT NULL, -- sending: when the lease ends
    ends_ms {i64} NOT NULL, -- not sent any more after this
    created_ms {i64} NOT NULL,
    settled_ms {i64}, -- when it was sent or given up
    why TEXT -- what the last try said: a code, never words of people
) {strict};
CREATE INDEX mail_due ON mail (state, rank, due_ms);
CREATE INDEX mail_account ON mail (account_id, id);
CREATE INDEX mail_key ON mail (key_id);
CREATE INDEX mail_lease ON mail (lease) WHERE lease <> 0;
CREATE INDEX mail_ends ON mail (state, ends_ms);
CREATE INDEX mail_created ON mail (created_ms);

-- The switches that a member moved; the others stand as they were made.
CREATE TABLE mail_choice (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    wanted {i64} NOT NULL CHECK (wanted IN (0, 1)),
    changed_ms {i64} NOT NULL,
    PRIMARY KEY (account_id, topic)
) {clustered};

-- Addresses that bounce.  Of another address than the account has now: means nothing.
CREATE TABLE mail_address (
    account_id {i64} NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    address_bi {bytes} NOT NULL,
    dead_ms {i64}, -- since when nothing is sent there; NULL: it only failed now and then
    soft {i64} NOT NULL DEFAULT 0,
    why TEXT NOT NULL,
    changed_ms {i64} NOT NULL
) {strict};
