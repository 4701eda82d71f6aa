-- A line's number is when it was said, and chance: none is given twice, whatever life of the room.
ALTER TABLE line DROP COLUMN epoch;
ALTER TABLE room DROP COLUMN epoch;
