-- What staff did.  There is no statement that changes or removes a line, and no reference that
-- an erasure would follow: numbers only, so nothing of an erased account is in it.
CREATE TABLE staff_act (
    id {i64} NOT NULL PRIMARY KEY,
    by_id {i64}, -- account.id; NULL: at the machine, by a command
    act TEXT NOT NULL, -- the row of the route: "POST /api/invites"
    on_id {i64}, -- of the account, case, report, invitation, mail, job or room that it was done to
    at_ms {i64} NOT NULL
) {strict};
