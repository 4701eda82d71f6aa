-- Parents' consent: who was asked, what they answered, what proved them.  Before the account
-- exists a row holds only what asking needs; refused or unanswered, it goes without a trace.
CREATE TABLE guardian (
    id {i64} PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    account_id {i64} UNIQUE REFERENCES account (id) ON DELETE CASCADE, -- NULL: not made yet
    key_id {i64} NOT NULL, -- the child's; the account's later
    state TEXT NOT NULL CHECK (state IN ('asked', 'proving', 'granted', 'active')),
    avatar_name TEXT, -- until the account has it
    name_skeleton TEXT UNIQUE,
    name_look TEXT,
    birth_ct {bytes}, -- until the account has it
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    email_ct {bytes} NOT NULL, -- the parent's
    email_bi {bytes}, -- NULL after a restore: backups forget it
    link_hash {bytes} NOT NULL UNIQUE, -- of the parent's link
    claim_hash {bytes} UNIQUE, -- of the child's code; NULL: used
    upload_hash {bytes} UNIQUE, -- of the right to hand in one form
    upload_ends_ms {i64},
    child_here {i64} NOT NULL DEFAULT 0 CHECK (child_here IN (0, 1)), -- link met the child's browser
    method TEXT CHECK (method IN ('form', 'call', 'sandbox')),
    allow_chat {i64} NOT NULL DEFAULT 0 CHECK (allow_chat IN (0, 1)),
    allow_marketing {i64} NOT NULL DEFAULT 0 CHECK (allow_marketing IN (0, 1)),
    allow_performance {i64} NOT NULL DEFAULT 0 CHECK (allow_performance IN (0, 1)),
    words TEXT, -- language of the sentences that were agreed to
    words_hash {bytes}, -- and the SHA-256 of all of them
    when_ct {bytes}, -- when and how a call suits
    page_key_id {i64}, -- seals the form's pictures; burned with them
    decided_by {i64} REFERENCES account (id) ON DELETE SET NULL,
    reason_ct {bytes},
    shown_ct {bytes}, -- what was shown in the call
    created_at_ms {i64} NOT NULL,
    mailed_at_ms {i64} NOT NULL,
    answered_at_ms {i64},
    decided_at_ms {i64},
    ends_at_ms {i64} -- NULL: as long as the account
) {strict};
CREATE INDEX guardian_look ON guardian (name_look);
CREATE INDEX guardian_email ON guardian (email_bi);
CREATE INDEX guardian_state ON guardian (state, ends_at_ms);
CREATE INDEX guardian_ends ON guardian (ends_at_ms);
CREATE INDEX guardian_key ON guardian (key_id);
CREATE INDEX guardian_page_key ON guardian (page_key_id);
CREATE INDEX guardian_decided ON guardian (decided_at_ms);
CREATE INDEX guardian_officer ON guardian (decided_by);

-- The signed form, as pictures; gone 7 days after the decision.
CREATE TABLE guardian_page (
    guardian_id {i64} NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    page {i64} NOT NULL,
    picture_ct {bytes} NOT NULL,
    PRIMARY KEY (guardian_id, page)
) {strict};

-- Evidence: what happened, when.
CREATE TABLE guardian_step (
    id {i64} PRIMARY KEY,
    guardian_id {i64} NOT NULL REFERENCES guardian (id) ON DELETE CASCADE,
    what TEXT NOT NULL,
    officer_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    at_ms {i64} NOT NULL
) {strict};
CREATE INDEX guardian_step_of ON guardian_step (guardian_id, id);
CREATE INDEX guardian_step_officer ON guardian_step (officer_id);

-- Who of the staff looked at what of whom.
CREATE TABLE staff_look (
    id {i64} PRIMARY KEY,
    officer_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    what TEXT NOT NULL,
    guardian_id {i64} REFERENCES guardian (id) ON DELETE SET NULL,
    at_ms {i64} NOT NULL
) {strict};
CREATE INDEX staff_look_officer ON staff_look (officer_id);
CREATE INDEX staff_look_guardian ON staff_look (guardian_id, id);
CREATE INDEX staff_look_at ON staff_look (at_ms);
