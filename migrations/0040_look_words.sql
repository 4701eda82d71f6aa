-- What somebody wrote of their look for whoever does not see it. NULL: clients make it of the recipe.
ALTER TABLE look ADD COLUMN words_ct {bytes}; -- of one length, whatever it says

-- No row: nobody copies it.
CREATE TABLE look_choice (
    account_id {i64} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    copies TEXT NOT NULL CHECK (copies IN ('nobody', 'friends'))
) {strict};
