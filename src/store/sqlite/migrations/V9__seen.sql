-- The latest time at which anything was done, in milliseconds since 1970, a few seconds early at most: a clock that shows an
-- earlier one has gone back.
ALTER TABLE abide_state ADD COLUMN latest INTEGER;
UPDATE abide_state SET latest = (SELECT max(at) FROM abide_audit);

-- When a task was found to have started with what a request asks for, its start by its row, and how it read then: a later change of the policy is none of
-- its business. Nothing while the task has not started.
ALTER TABLE abide_requests ADD COLUMN used INTEGER;
ALTER TABLE abide_requests ADD COLUMN used_started INTEGER;
ALTER TABLE abide_requests ADD COLUMN used_content TEXT;

-- Verdicts that stand in rows of the team's table, as they were when a policy first saw them, and what there was to see then.
CREATE TABLE abide_seen (
  task TEXT NOT NULL,
  policy TEXT NOT NULL,
  role TEXT NOT NULL,
  vote TEXT NOT NULL CHECK (vote IN ('approved', 'rejected')),
  agent TEXT,
  given INTEGER,
  content TEXT NOT NULL,
  version TEXT NOT NULL,
  at INTEGER NOT NULL,
  touched INTEGER NOT NULL,
  PRIMARY KEY (task, policy, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX abide_seen_touched ON abide_seen (touched);

-- A content tells now what of it lasts while somebody does the task. Of what was written before, that is not known.
UPDATE abide_ballots SET content = substr(content, 1, 64) || '-00000000000000000000000000000000' || substr(content, 65);
