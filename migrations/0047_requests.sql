-- What people ask of staff and have a right to hear of in time: one row a request, and all that was
-- said and done about it.  What is said is sealed with the member's own key; of somebody without an
-- account with a key of the request's own.
CREATE TABLE request (
    id {i64} PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL, -- a row of a feature
    state TEXT NOT NULL CHECK (state IN ('proving', 'open', 'person', 'answered', 'closed')),
    account_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    own_key_id {i64}, -- of somebody without an account; burned with the row
    email_ct {bytes}, -- theirs
    email_bi {bytes},
    link_hash {bytes} UNIQUE, -- what the link in their mail opens
    link_ct {bytes},
    purpose TEXT, -- of an objection
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    made_ms {i64} NOT NULL,
    from_ms {i64} NOT NULL, -- from when the clocks count
    due_ms {i64} NOT NULL, -- the earliest of them
    extended_ms {i64},
    extended_why TEXT CHECK (extended_why IN ('complex', 'many')),
    proof TEXT CHECK (proof IN ('account', 'address', 'document', 'answers', 'call')),
    holder_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    outcome TEXT CHECK (outcome IN ('done', 'part', 'refused', 'withdrawn', 'gone')),
    answered_ms {i64},
    closed_ms {i64},
    alarm {i64} NOT NULL DEFAULT 0 -- which officers had: 1 a week before, 2 two days before, 3 late
) {strict};
CREATE INDEX request_account ON request (account_id, id);
CREATE INDEX request_due ON request (state, due_ms);
CREATE INDEX request_closed ON request (closed_ms);
CREATE INDEX request_holder ON request (holder_id);
CREATE INDEX request_email ON request (email_bi, made_ms);
CREATE INDEX request_key ON request (own_key_id);

CREATE TABLE request_entry (
    id {i64} PRIMARY KEY,
    request_id {i64} NOT NULL REFERENCES request (id) ON DELETE CASCADE,
    account_id {i64} REFERENCES account (id) ON DELETE SET NULL, -- whose request it is
    by_id {i64} REFERENCES account (id) ON DELETE SET NULL, -- of staff; NULL: the person, or a job
    what TEXT NOT NULL CHECK (what IN ('asked', 'confirmed', 'said', 'question', 'answer', 'note',
        'extended', 'proof', 'looked', 'claimed', 'taken', 'withdrawn', 'closed')),
    code TEXT, -- of an answer, an extension, a proof
    text_ct {bytes},
    at_ms {i64} NOT NULL
) {strict};
CREATE INDEX request_entry_of ON request_entry (request_id, id);
CREATE INDEX request_entry_account ON request_entry (account_id);
CREATE INDEX request_entry_by ON request_entry (by_id);
