-- What the team's table refused in the last pass, by the hold under which it waits, and why: until a pass tries it again.
CREATE TABLE abide_refusals (
  hold TEXT PRIMARY KEY,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
