-- What members look like.  account.look is chance and names the look as it is now: another look has
-- another id.  NULL: an account from before, until the job looks.ids has come to it.
ALTER TABLE account ADD COLUMN look TEXT;
CREATE UNIQUE INDEX account_look_id ON account (look);
CREATE INDEX account_lookless ON account (id) WHERE look IS NULL;

-- No row: the recipe of the ready avatar.
CREATE TABLE look (
    account_id {i64} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    recipe_ct {bytes} NOT NULL -- of one length, whatever it says
) {strict};

-- Who owns what is not free.  What tells of health or belief is free, and so never here.
CREATE TABLE wardrobe (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    since_ms {i64} NOT NULL,
    PRIMARY KEY (account_id, item)
) {clustered};

-- Looks that are put aside, at most 40.
CREATE TABLE outfit (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL, -- chosen by whoever keeps it, so that a repeat is one
    name_ct {bytes} NOT NULL,
    recipe_ct {bytes} NOT NULL
) {strict};
CREATE UNIQUE INDEX outfit_account ON outfit (account_id, public_id);
