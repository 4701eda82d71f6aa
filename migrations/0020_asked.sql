-- Being asked is one thing and letting somebody in another: what waits until it is accepted, and
-- what was refused.  Having answered a stranger is no acceptance any more: those are asked again.
ALTER TABLE conversation_member ADD COLUMN accepted_ms {i64} NOT NULL DEFAULT 0;
ALTER TABLE conversation_member ADD COLUMN asked_ms {i64} NOT NULL DEFAULT 0;
ALTER TABLE conversation_member ADD COLUMN refused_ms {i64} NOT NULL DEFAULT 0;
ALTER TABLE conversation_member ADD COLUMN waits_seq {i64};
UPDATE conversation_member SET accepted_ms = 1 WHERE begun = 1 AND EXISTS (SELECT 1
    FROM conversation c WHERE c.id = conversation_member.conversation_id
    AND (c.kind = 'group' OR c.maker_id = conversation_member.account_id));
UPDATE conversation_member SET accepted_ms = 1 WHERE state = 'in' AND EXISTS (SELECT 1
    FROM conversation c WHERE c.id = conversation_member.conversation_id AND c.kind = 'group');
UPDATE conversation_member SET state = 'request', asked_ms = 1, waits_seq = (SELECT c.last_seq
    FROM conversation c WHERE c.id = conversation_member.conversation_id)
    WHERE state = 'in' AND begun = 1 AND accepted_ms = 0 AND NOT EXISTS (SELECT 1 FROM conversation c
    JOIN friendship f ON f.account_id = c.low_id AND f.friend_id = c.high_id
    WHERE c.id = conversation_member.conversation_id);
UPDATE conversation_member SET waits_seq = 0 WHERE begun = 0 AND state <> 'in'
    AND EXISTS (SELECT 1 FROM conversation c WHERE c.id = conversation_member.conversation_id
    AND c.kind = 'pair' AND c.last_seq > 0);
UPDATE conversation_member SET asked_ms = last_ms WHERE state = 'request' AND asked_ms = 0;
ALTER TABLE conversation_member DROP COLUMN begun;
CREATE INDEX conversation_member_asked ON conversation_member (account_id, asked_ms)
    WHERE asked_ms > 0;
CREATE INDEX conversation_member_refused ON conversation_member (account_id, refused_ms)
    WHERE refused_ms > 0;
