-- What Abide corrected itself in the team's tasks: each field of a task once for a version of the assignment.
CREATE TABLE abide_enforcements (
  spec TEXT NOT NULL,
  task TEXT NOT NULL,
  field TEXT NOT NULL CHECK (field IN ('role', 'severity')),
  spec_digest TEXT NOT NULL,
  replaced TEXT,
  value TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (spec, task, field)
) STRICT, WITHOUT ROWID;
