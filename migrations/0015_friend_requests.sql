-- Who asked whom to be friends.  A refused or withdrawn one stays: whoever asks again must not
-- find out by it that the answer was no, and the other must not be asked again too soon.
CREATE TABLE friend_request (
    from_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    to_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    note_ct {bytes}, -- sealed with the asker's key; NULL: none
    at_ms {i64} NOT NULL,
    refused_ms {i64}, -- NULL: waits for an answer; known to the asked alone
    withdrawn {i64} NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    PRIMARY KEY (from_id, to_id)
) {clustered};
CREATE INDEX friend_request_to ON friend_request (to_id, at_ms);
CREATE INDEX friend_request_at ON friend_request (at_ms);

-- Who may find somebody by the beginning of a word of the name.
ALTER TABLE people_choice ADD COLUMN findable TEXT NOT NULL DEFAULT 'everyone'
    CHECK (findable IN ('everyone', 'friends', 'nobody'));

-- A name as it is looked for and put in order: small letters without accents, as bytes, because
-- text has another order on every database.  NULL: a job makes it, and the words.
ALTER TABLE account ADD COLUMN name_fold {bytes};
CREATE INDEX account_unfolded ON account (id) WHERE name_fold IS NULL;
CREATE TABLE account_word (
    word {bytes} NOT NULL, -- name_fold from the beginning of one of its words on
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    PRIMARY KEY (word, account_id)
) {clustered};
CREATE INDEX account_word_account ON account_word (account_id);
