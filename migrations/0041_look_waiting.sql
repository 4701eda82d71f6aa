-- Whose choice could not be sealed, since their key does not open: while the job looks.ids goes through all others
-- it walks past them, and then forgets that it did.
CREATE TABLE look_waiting (
    account_id {i64} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE
) {strict};
