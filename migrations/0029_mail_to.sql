-- How many letters went to an address that is nobody's yet; forgotten after a day.
ALTER TABLE mail ADD COLUMN to_bi {bytes};
CREATE INDEX mail_to ON mail (to_bi, created_ms);
