-- One log of what staff did and at what they looked, each line chained to the one before it.  `seal`
-- is a hash of the line with its salt, and only that goes into `chain`: when a person is erased, or
-- three years are over, what a line says and its salt go, and the chain still holds.
CREATE TABLE audit (
    id {i64} NOT NULL PRIMARY KEY, -- 1, 2, 3: one that is missing was taken away
    at_ms {i64} NOT NULL,
    by_id {i64}, -- account.id; NULL: at the machine, by a command, or erased
    machine {i64} NOT NULL CHECK (machine IN (0, 1)),
    act TEXT, -- the row of the route: "POST /api/invites"; NULL: three years are over
    look TEXT, -- what kind of a look it was; NULL: an act
    subject_id {i64}, -- account.id of whose data it is
    on_id {i64}, -- of the account, case, report, invitation, mail, job or room
    what TEXT,
    salt {bytes},
    seal {bytes}, -- NULL: a line from before the chain
    chain {bytes}
) {strict};
CREATE INDEX audit_subject ON audit (subject_id, id);
CREATE INDEX audit_by ON audit (by_id);
CREATE INDEX audit_at ON audit (at_ms) WHERE act IS NOT NULL;
INSERT INTO audit (id, at_ms, by_id, machine, act, look, subject_id, on_id, what)
    SELECT row_number() OVER (ORDER BY b.at_ms, b.id), b.at_ms, b.by_id, b.machine, b.act, b.look,
           b.subject_id, b.on_id, b.what
    FROM (SELECT s.id, s.at_ms, s.by_id, CASE WHEN s.by_id IS NULL THEN 1 ELSE 0 END AS machine,
                 s.act, NULL AS look, a.id AS subject_id, s.on_id, s.what
          FROM staff_act s LEFT JOIN account a ON a.id = s.on_id
          UNION ALL
          SELECT l.id, l.at_ms, l.officer_id, 0,
                 CASE l.what WHEN 'report' THEN 'look report'
                 WHEN 'page' THEN 'look page'
                 ELSE 'look case' END,
                 CASE l.what WHEN 'report' THEN 'report' ELSE 'case' END,
                 COALESCE(r.subject_id, g.account_id), COALESCE(l.report_id, l.guardian_id), NULL
          FROM staff_look l LEFT JOIN report r ON r.id = l.report_id
          LEFT JOIN guardian g ON g.id = l.guardian_id) b;
DROP TABLE staff_act;
DROP TABLE staff_look;
