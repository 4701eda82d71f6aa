-- What administrators set of the site in the pages: below a flag, a variable and the file, above the
-- standard.  A row stays when the standard is restored: its version says what is newer.
CREATE TABLE site_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT, -- as it would stand in the file; NULL: the standard
    former TEXT, -- what stood here before, for whoever wants it back
    version {i64} NOT NULL, -- rises with every change of any of them
    changed_ms {i64} NOT NULL,
    by_id {i64} REFERENCES account (id) ON DELETE SET NULL -- NULL: at the machine, or erased
) {strict};
CREATE INDEX site_setting_by ON site_setting (by_id);
-- What the numbers of a line do not say: of a setting its name, what it was and what it is.
ALTER TABLE staff_act ADD COLUMN what TEXT;
