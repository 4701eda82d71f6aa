-- Whoever leaves burns their key: nobody else may hold it.
DROP INDEX account_key;
CREATE UNIQUE INDEX account_key ON account (key_id);
