-- The latest time at which anything was done, in milliseconds since 1970, a few seconds early at most: a clock that shows an
-- earlier one has gone back.
ALTER TABLE abide_state ADD COLUMN latest INTEGER;
UPDATE abide_state SET latest = (SELECT max(at) FROM abide_audit);
