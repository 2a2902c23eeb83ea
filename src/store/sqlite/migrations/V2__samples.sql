-- The figures of service levels as they were: of each target one an hour at most, and only where they changed.
CREATE TABLE abide_samples (
  spec TEXT NOT NULL,
  subject TEXT NOT NULL,
  hour INTEGER NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  target REAL NOT NULL,
  good REAL NOT NULL,
  total REAL NOT NULL,
  budget REAL NOT NULL,
  spent REAL NOT NULL,
  burn REAL,
  PRIMARY KEY (spec, subject, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX abide_samples_at ON abide_samples (at);
