-- What an owner says of a room beside its name.  '' of view and light: what comes of the room's id.
ALTER TABLE room ADD COLUMN view TEXT NOT NULL DEFAULT ''; -- one of its scene's
ALTER TABLE room ADD COLUMN light TEXT NOT NULL DEFAULT ''
    CHECK (light IN ('', 'plain', 'morning', 'golden', 'dusk', 'night'));
ALTER TABLE room ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE room ADD COLUMN tags TEXT NOT NULL DEFAULT ''; -- a blank before, between and after them
