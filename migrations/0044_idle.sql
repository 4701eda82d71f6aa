-- Who stays away is told twice and then erased; whom staff ended goes when the time to complain is over.
ALTER TABLE account ADD COLUMN idle_told {i64} NOT NULL DEFAULT 0 CHECK (idle_told BETWEEN 0 AND 2);
ALTER TABLE account ADD COLUMN idle_told_ms {i64}; -- when; seen since: it means nothing
ALTER TABLE account ADD COLUMN ended_ms {i64}; -- by staff; NULL: not, or from before and not counted yet
CREATE INDEX account_idle ON account (idle_told, seen_at_ms);
CREATE INDEX account_ended ON account (ended_ms) WHERE ended_ms IS NOT NULL;
CREATE INDEX report_open ON report (at_ms) WHERE decided_ms IS NULL;
CREATE INDEX staff_act_at ON staff_act (at_ms);
CREATE INDEX site_setting_changed ON site_setting (changed_ms) WHERE by_id IS NOT NULL;
