-- Beside pages one reports rooms, what is said in them, and messages; an officer may warn somebody.
ALTER TABLE report ADD COLUMN kind TEXT NOT NULL DEFAULT 'page'
    CHECK (kind IN ('page', 'room', 'line', 'message'));
ALTER TABLE report ADD COLUMN place TEXT NOT NULL DEFAULT ''; -- of a room or line or message: which
DROP INDEX report_once;
DROP INDEX report_subject;
ALTER TABLE report ADD COLUMN ended TEXT CHECK (ended IN ('nothing', 'emptied', 'warned'));
UPDATE report SET ended = outcome;
ALTER TABLE report DROP COLUMN outcome;
ALTER TABLE report RENAME COLUMN ended TO outcome; -- NULL: open
CREATE UNIQUE INDEX report_once ON report (reporter_id, subject_id, kind, place)
    WHERE outcome IS NULL;
CREATE INDEX report_subject ON report (subject_id, outcome);
