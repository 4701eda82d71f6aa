-- `adult_at_ms` was the eighteenth birthday, so everybody's birth date lay here in clear.  The date
-- is sealed (birth_ct); in clear lies only which band somebody is in: 13 to 17, or 18 and above.  Who
-- is still under 18 is looked at every hour by the job accounts.ages, which opens the sealed date.
ALTER TABLE account ADD COLUMN age_band TEXT NOT NULL DEFAULT '13' CHECK (age_band IN ('13', '18'));
UPDATE account SET age_band = '18' WHERE adult_at_ms <= (SELECT MAX(ran_ms) FROM migration);
CREATE INDEX account_young ON account (id) WHERE age_band <> '18';
ALTER TABLE account DROP COLUMN adult_at_ms;
-- PostgreSQL keeps what a dropped column held until the row is written anew: all are, now.
{pg}ALTER TABLE account ALTER COLUMN country TYPE TEXT USING country || '';
