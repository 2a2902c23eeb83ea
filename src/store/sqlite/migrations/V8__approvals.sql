-- Who agrees to what. Times are milliseconds since 1970.

-- What somebody said of one request, once, and all that it is bound to. A row is never changed. `touched` is the number of the
-- audit row that tells of it.
CREATE TABLE abide_ballots (
  nonce TEXT PRIMARY KEY,
  task TEXT NOT NULL,
  policy TEXT NOT NULL,
  said TEXT NOT NULL CHECK (said IN ('approved', 'rejected', 'overridden')),
  agent TEXT NOT NULL,
  at INTEGER NOT NULL,
  expires INTEGER,
  -- What the task asked for then, the policy as it read, and the commit whose specs were in force.
  content TEXT NOT NULL,
  version TEXT NOT NULL,
  revision TEXT NOT NULL,
  is_signed INTEGER NOT NULL CHECK (is_signed IN (0, 1)),
  reason TEXT,
  touched INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX abide_ballots_task ON abide_ballots (task, touched);
CREATE INDEX abide_ballots_touched ON abide_ballots (touched);

-- Each policy that asks about a task, and how that stood when it was last weighed. Whoever starts a task weighs it anew.
CREATE TABLE abide_requests (
  task TEXT NOT NULL,
  policy TEXT NOT NULL,
  asked INTEGER NOT NULL,
  state TEXT NOT NULL,
  why TEXT,
  since INTEGER NOT NULL,
  -- What it asks, as one digest: another one is another request.
  digest TEXT NOT NULL,
  -- When time alone may change how it stands.
  due INTEGER,
  touched INTEGER NOT NULL,
  PRIMARY KEY (task, policy)
) STRICT, WITHOUT ROWID;
CREATE INDEX abide_requests_due ON abide_requests (due) WHERE due IS NOT NULL;
CREATE INDEX abide_requests_touched ON abide_requests (touched);

-- What shows who somebody is: only a digest of each token is kept.
CREATE TABLE abide_tokens (
  digest TEXT PRIMARY KEY,
  agent TEXT NOT NULL,
  made INTEGER NOT NULL,
  until INTEGER,
  revoked INTEGER
) STRICT, WITHOUT ROWID;

-- When Abide first saw a commit that brings an approval: what a commit itself says of its time proves nothing.
CREATE TABLE abide_sightings (
  revision TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The policies by which requests were last weighed, as one digest, and what was short of budget then, as a JSON list.
ALTER TABLE abide_state ADD COLUMN gates TEXT;
ALTER TABLE abide_state ADD COLUMN spent TEXT;

-- Whether a task waits for somebody's yes: like what is blocked, it never slows a claim down.
ALTER TABLE abide_tasks ADD COLUMN gated INTEGER CHECK (gated = 1);
DROP INDEX abide_tasks_claimable;
CREATE INDEX abide_tasks_claimable
  ON abide_tasks (route, rank, coalesce(due, 9223372036854775807), created, id)
  WHERE status = 'pending' AND not_before IS NULL AND gated IS NULL;
CREATE INDEX abide_tasks_gated ON abide_tasks (gated) WHERE gated = 1;
