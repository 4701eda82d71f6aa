-- What members say of themselves, and to whom.  Values are sealed with the member's key.
CREATE TABLE profile (
    account_id {i64} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    version {i64} NOT NULL, -- grows with each change: two devices do not undo each other
    changed_ms {i64} NOT NULL
) {strict};

-- No row: nothing said, and the usual audience (profiles_fields.c).
CREATE TABLE profile_field (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    value_ct {bytes}, -- NULL: nothing said, or it is known from elsewhere (age, country)
    audience TEXT NOT NULL CHECK (audience IN ('everyone', 'friends', 'nobody')),
    PRIMARY KEY (account_id, field)
) {clustered};

-- A homepage: ordered blocks in a style.  Everybody who perceives its owner may read it.
CREATE TABLE home (
    account_id {i64} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    style TEXT NOT NULL,
    version {i64} NOT NULL,
    changed_ms {i64} NOT NULL
) {strict};

CREATE TABLE home_block (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    place {i64} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'room', 'friends', 'guestbook')),
    body_ct {bytes}, -- of a text
    room_id {i64} REFERENCES room (id) ON DELETE CASCADE, -- of a room
    PRIMARY KEY (account_id, place)
) {clustered};
CREATE INDEX home_block_room ON home_block (room_id);

-- What others wrote into a member's guest book.
CREATE TABLE home_entry (
    id {i64} PRIMARY KEY,
    owner_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    writer_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    body_ct {bytes} NOT NULL, -- sealed with the writer's key
    at_ms {i64} NOT NULL
) {strict};
CREATE INDEX home_entry_owner ON home_entry (owner_id, id);
CREATE INDEX home_entry_writer ON home_entry (writer_id);
