-- People, how they sign in, and who was invited.  E-mail, birth date and real name are
-- sealed with the member's own key; *_bi is a keyed hash for look-ups, its key is not here.
CREATE TABLE account (
    id {i64} PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    avatar_name TEXT NOT NULL,
    name_skeleton TEXT NOT NULL,
    name_look TEXT NOT NULL,
    skeleton_version TEXT NOT NULL,
    key_id {i64} NOT NULL,
    email_ct {bytes},
    email_bi {bytes},
    email_verified {i64} NOT NULL DEFAULT 0 CHECK (email_verified IN (0, 1)),
    birth_ct {bytes},
    real_name_ct {bytes},
    country TEXT NOT NULL,
    adult_at_ms {i64} NOT NULL,
    password_hash TEXT,
    password_version {i64} NOT NULL DEFAULT 1,
    role TEXT NOT NULL CHECK (role IN ('member', 'admin')),
    state TEXT NOT NULL CHECK (state IN ('active', 'waiting', 'ended')),
    end_reason TEXT,
    language TEXT NOT NULL,
    marketing {i64} NOT NULL DEFAULT 0 CHECK (marketing IN (0, 1)),
    marketing_at_ms {i64},
    avatar TEXT NOT NULL,
    colours TEXT NOT NULL,
    created_at_ms {i64} NOT NULL,
    seen_at_ms {i64} NOT NULL
) {strict};
CREATE UNIQUE INDEX account_skeleton ON account (name_skeleton);
CREATE INDEX account_look ON account (name_look);
CREATE UNIQUE INDEX account_email ON account (email_bi) WHERE email_verified = 1;
CREATE INDEX account_state ON account (state, id);
CREATE INDEX account_key ON account (key_id);

CREATE TABLE session (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    token_hash {bytes} NOT NULL UNIQUE,
    remember {i64} NOT NULL CHECK (remember IN (0, 1)),
    device TEXT NOT NULL,
    country TEXT,
    created_at_ms {i64} NOT NULL,
    used_at_ms {i64} NOT NULL,
    ends_at_ms {i64} NOT NULL
) {strict};
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_ends ON session (ends_at_ms);

CREATE TABLE token (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    token_hash {bytes} NOT NULL UNIQUE,
    label TEXT NOT NULL,
    created_at_ms {i64} NOT NULL,
    used_at_ms {i64} NOT NULL
) {strict};
CREATE INDEX token_account ON token (account_id);

-- Invitations to register, and the one-time link by which an administrator takes office.
CREATE TABLE invite (
    id {i64} PRIMARY KEY,
    code_hash {bytes} NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('member', 'admin')),
    avatar_name TEXT,
    made_by {i64} REFERENCES account (id) ON DELETE SET NULL,
    uses_left {i64} NOT NULL CHECK (uses_left >= 0),
    created_at_ms {i64} NOT NULL,
    ends_at_ms {i64} NOT NULL
) {strict};
CREATE INDEX invite_ends ON invite (ends_at_ms);
