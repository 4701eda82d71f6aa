-- What is due in a room is found by its time: a clock that was set leaves lines out of order.
CREATE INDEX line_at ON line (room_id, at_ms);
