-- The operator's terms and privacy notice, in versions: what was in force when, in which words, and
-- what each member said to which of them.  A version without published_ms is being written.
CREATE TABLE policy (
    id {i64} PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('terms', 'notice')),
    number {i64} NOT NULL,
    edit {i64} NOT NULL, -- how often it was written to: who writes over what they did not see is refused
    published_ms {i64},
    since_ms {i64}, -- in force from then on, until the next one is
    mailed {i64} NOT NULL DEFAULT 0 CHECK (mailed IN (0, 1)),
    UNIQUE (kind, number)
) {strict};

CREATE TABLE policy_text (
    policy_id {i64} NOT NULL REFERENCES policy (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    changes TEXT NOT NULL, -- what is new, in a few words
    PRIMARY KEY (policy_id, language)
) {clustered};

CREATE TABLE policy_answer (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    policy_id {i64} NOT NULL REFERENCES policy (id) ON DELETE CASCADE,
    answer TEXT NOT NULL CHECK (answer IN ('agreed', 'seen', 'declined')),
    language TEXT NOT NULL, -- of the words that were shown
    how TEXT NOT NULL CHECK (how IN ('registration', 'asked')),
    at_ms {i64} NOT NULL,
    PRIMARY KEY (account_id, policy_id, answer)
) {clustered};
CREATE INDEX policy_answer_policy ON policy_answer (policy_id);
