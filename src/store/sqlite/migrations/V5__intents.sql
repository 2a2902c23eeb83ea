-- What is about to be written in the team's own database, where that is another file: the rows with marks by which each is known, and
-- the statements on Abide's own tables that follow once they are written. What a crash leaves here is settled by whoever works next.
CREATE TABLE abide_intents (
  batch INTEGER PRIMARY KEY AUTOINCREMENT,
  live TEXT NOT NULL,
  books TEXT NOT NULL
) STRICT;
