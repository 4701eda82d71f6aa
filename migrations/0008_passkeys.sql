-- Passkeys: public keys of devices that a member signs in with.  Nothing here is secret.
CREATE TABLE passkey (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    credential_id {bytes} NOT NULL UNIQUE,
    algorithm {i64} NOT NULL CHECK (algorithm IN (-7, -8, -257)), -- COSE: ES256, EdDSA, RS256
    public_key {bytes} NOT NULL, -- x and y; x; n and e
    sign_count {i64} NOT NULL, -- 0: this authenticator does not count
    verifies {i64} NOT NULL CHECK (verifies IN (0, 1)), -- asked its owner for PIN, finger or face
    syncable {i64} NOT NULL CHECK (syncable IN (0, 1)), -- flag BE; never changes
    synced {i64} NOT NULL CHECK (synced IN (0, 1)), -- flag BS of its last use
    transports TEXT NOT NULL, -- "internal hybrid": how a browser reaches it
    label_ct {bytes} NOT NULL,
    created_at_ms {i64} NOT NULL,
    used_at_ms {i64}
) {strict};
CREATE INDEX passkey_account ON passkey (account_id);

-- What authenticators know an account by: random, the same for all its passkeys.
CREATE TABLE passkey_user (
    account_id {i64} NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    handle {bytes} NOT NULL UNIQUE
) {strict};
