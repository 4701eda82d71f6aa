-- What ends by time is found by its time (tools/inventory_sweeps.py), and one job ends all of it.
CREATE INDEX push_created ON push (created_ms);
CREATE INDEX notice_at ON notice (at_ms);
CREATE INDEX notice_digest_since ON notice_digest (since_ms);
CREATE INDEX mail_counted ON mail (created_ms) WHERE to_bi IS NOT NULL;
DELETE FROM job WHERE once IN ('ops.answers', 'ops.letters', 'tickets.sweep', 'invites.sweep',
    'renames.sweep', 'accounts.addresses', 'consents.sweep', 'staff.sweep', 'notices.sweep',
    'friends.sweep');
