-- What the parent of an account wants to allow beyond what stands, until an adult is proved anew.
ALTER TABLE guardian ADD COLUMN want_method TEXT CHECK (want_method IN ('form', 'call', 'sandbox'));
ALTER TABLE guardian ADD COLUMN want_chat {i64} CHECK (want_chat IN (0, 1));
ALTER TABLE guardian ADD COLUMN want_marketing {i64} CHECK (want_marketing IN (0, 1));
ALTER TABLE guardian ADD COLUMN want_performance {i64} CHECK (want_performance IN (0, 1));
