-- How much a member wrote today: a day has a limit in messages and in bytes.
CREATE TABLE message_day (
    account_id {i64} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    day {i64} NOT NULL, -- since 1970, UTC
    said {i64} NOT NULL,
    bytes {i64} NOT NULL
) {strict};
