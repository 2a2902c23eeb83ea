-- Rows that are about to be written in the team's own database, where that is another file: what a crash leaves here is settled
-- by whoever works next. Those of one batch are written by one transaction there, so either all of them were or none.
CREATE TABLE abide_intents (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  batch INTEGER NOT NULL,
  epoch INTEGER,
  at INTEGER NOT NULL,
  task TEXT,
  above INTEGER,
  mark TEXT,
  entry TEXT NOT NULL
) STRICT;
CREATE INDEX abide_intents_batch ON abide_intents (batch);
