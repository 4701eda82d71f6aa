-- What members report to the staff.  Evidence is what stood there when it was reported: sealed
-- with a key of the report's own, so that it outlives a change and an account, and nothing else.
CREATE TABLE report (
    id {i64} PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    reporter_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    subject_id {i64} REFERENCES account (id) ON DELETE SET NULL,
    reason TEXT NOT NULL,
    key_id {i64} NOT NULL, -- burned with the row
    words_ct {bytes}, -- the reporter's own
    seen_ct {bytes} NOT NULL, -- the page, as the reporter saw it
    at_ms {i64} NOT NULL,
    outcome TEXT CHECK (outcome IN ('nothing', 'emptied')), -- NULL: open
    why_ct {bytes},
    decided_by {i64} REFERENCES account (id) ON DELETE SET NULL,
    decided_ms {i64}
) {strict};
CREATE UNIQUE INDEX report_once ON report (reporter_id, subject_id) WHERE outcome IS NULL;
CREATE INDEX report_subject ON report (subject_id, outcome);
CREATE INDEX report_key ON report (key_id);
CREATE INDEX report_decided ON report (decided_ms);
CREATE INDEX report_officer ON report (decided_by);

ALTER TABLE staff_look ADD COLUMN report_id {i64} REFERENCES report (id) ON DELETE SET NULL;
CREATE INDEX staff_look_report ON staff_look (report_id);
