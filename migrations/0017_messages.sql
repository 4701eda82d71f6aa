-- Conversations between two, or in a group, and what was written in them.  A body is sealed with
-- a key that its writer has in this conversation alone; that key with the writer's own.
CREATE TABLE conversation (
    id {i64} PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('pair', 'group')),
    low_id {i64} REFERENCES account (id) ON DELETE SET NULL, -- of a pair: the two, in order
    high_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    maker_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    name_ct {bytes}, -- of a group; sealed with its maker's key
    last_seq {i64} NOT NULL DEFAULT 0,
    created_ms {i64} NOT NULL,
    due {i64} NOT NULL DEFAULT 0 CHECK (due IN (0, 1)), -- somebody went: something may have to go
    UNIQUE (low_id, high_id)
) {strict};
CREATE INDEX conversation_high ON conversation (high_id);
CREATE INDEX conversation_maker ON conversation (maker_id, created_ms);
CREATE INDEX conversation_due ON conversation (id) WHERE due = 1;

-- Somebody who left stays in it, because the key of their words is here.
CREATE TABLE conversation_member (
    conversation_id {i64} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('in', 'request', 'left')),
    begun {i64} NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)), -- wrote in it, or accepted it
    since_seq {i64} NOT NULL, -- nothing at or below it is shown
    read_seq {i64} NOT NULL,
    muted {i64} NOT NULL DEFAULT 0 CHECK (muted IN (0, 1)),
    last_ms {i64} NOT NULL, -- of the last message they may see; 0: none, not listed
    key_ct {bytes} NOT NULL,
    PRIMARY KEY (conversation_id, account_id)
) {clustered};
CREATE INDEX conversation_member_account ON conversation_member (account_id, state, last_ms);

-- The unique key is the index by writer too: erasure and repeats look there.
CREATE TABLE message (
    conversation_id {i64} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    seq {i64} NOT NULL,
    sender_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    at_ms {i64} NOT NULL,
    edited_ms {i64},
    gone_ms {i64}, -- taken back
    reply_seq {i64},
    body_ct {bytes}, -- NULL: taken back
    PRIMARY KEY (conversation_id, seq),
    UNIQUE (sender_id, conversation_id, client_id)
) {clustered};
CREATE INDEX message_at ON message (conversation_id, at_ms, seq);

CREATE TABLE message_mention (
    conversation_id {i64} NOT NULL,
    seq {i64} NOT NULL,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    PRIMARY KEY (conversation_id, seq, account_id),
    FOREIGN KEY (conversation_id, seq) REFERENCES message (conversation_id, seq) ON DELETE CASCADE
) {clustered};
CREATE INDEX message_mention_account ON message_mention (account_id);

CREATE TABLE message_reaction (
    conversation_id {i64} NOT NULL,
    seq {i64} NOT NULL,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    emoji TEXT NOT NULL,
    at_ms {i64} NOT NULL,
    PRIMARY KEY (conversation_id, seq, account_id, emoji),
    FOREIGN KEY (conversation_id, seq) REFERENCES message (conversation_id, seq) ON DELETE CASCADE
) {clustered};
CREATE INDEX message_reaction_account ON message_reaction (account_id);

-- No row: shown.
CREATE TABLE message_choice (
    account_id {i64} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    show_read {i64} NOT NULL CHECK (show_read IN (0, 1))
) {strict};
