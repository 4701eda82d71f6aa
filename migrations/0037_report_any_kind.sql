-- What can be reported are rows of the features that have it: the table names none of them.
ALTER TABLE report ADD COLUMN what TEXT NOT NULL DEFAULT '';
DROP INDEX report_once;
UPDATE report SET what = kind;
ALTER TABLE report DROP COLUMN kind;
ALTER TABLE report RENAME COLUMN what TO kind;
CREATE UNIQUE INDEX report_once ON report (reporter_id, subject_id, kind, place)
    WHERE outcome IS NULL;
