-- A queue of tasks: leases, retries, dependencies, demands, and who works. Times are milliseconds since 1970.

ALTER TABLE abide_tasks ADD COLUMN result TEXT;
-- The earliest moment at which it may be claimed; NULL as soon as that has come.
ALTER TABLE abide_tasks ADD COLUMN not_before INTEGER;
-- How often it is tried in all.
ALTER TABLE abide_tasks ADD COLUMN tries INTEGER NOT NULL DEFAULT 1;
-- What it demands of whoever does it: skills as a JSON list, and where it is done best.
ALTER TABLE abide_tasks ADD COLUMN skills TEXT;
ALTER TABLE abide_tasks ADD COLUMN class TEXT;
ALTER TABLE abide_tasks ADD COLUMN region TEXT;
ALTER TABLE abide_tasks ADD COLUMN machine TEXT;
-- Since when it can be claimed.
ALTER TABLE abide_tasks ADD COLUMN ready INTEGER;
-- When its tries were used up.
ALTER TABLE abide_tasks ADD COLUMN dead INTEGER;
-- The most urgent is the lowest.
ALTER TABLE abide_tasks ADD COLUMN rank INTEGER
  GENERATED ALWAYS AS (CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END) VIRTUAL;
-- All that decides who may claim it. There are few routes and many tasks, so a claim looks at the head of each route that fits.
ALTER TABLE abide_tasks ADD COLUMN route TEXT
  GENERATED ALWAYS AS (json_array(type, role, agent, skills, class, region, machine)) VIRTUAL;

-- Only what can be claimed is in it: what is blocked, rests or has ended never slows a claim down.
CREATE INDEX abide_tasks_claimable
  ON abide_tasks (route, rank, coalesce(due, 9223372036854775807), created, id)
  WHERE status = 'pending' AND not_before IS NULL;
CREATE INDEX abide_tasks_resting ON abide_tasks (not_before) WHERE status = 'pending' AND not_before IS NOT NULL;

-- What makes adding a task twice the same as once, with a digest of what was asked for then.
CREATE TABLE abide_keys (
  key TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  task TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Whoever changes a row raises its version in the same statement.
DROP TRIGGER abide_tasks_version;

-- Who holds which task, and until when. It lies beside the tasks, so that renewing a lease changes no task.
CREATE TABLE abide_claims (
  token INTEGER PRIMARY KEY AUTOINCREMENT,
  task TEXT NOT NULL UNIQUE,
  agent TEXT NOT NULL,
  instance TEXT NOT NULL,
  duty TEXT,
  -- The agent that the task was kept for before.
  kept_for TEXT,
  taken INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT;
CREATE INDEX abide_claims_until ON abide_claims (until);
CREATE INDEX abide_claims_agent ON abide_claims (agent, instance);
CREATE INDEX abide_claims_duty ON abide_claims (duty, agent) WHERE duty IS NOT NULL;

-- What must be completed before what.
CREATE TABLE abide_needs (
  task INTEGER NOT NULL REFERENCES abide_tasks (id) ON DELETE CASCADE,
  needs INTEGER NOT NULL REFERENCES abide_tasks (id),
  PRIMARY KEY (task, needs)
) STRICT, WITHOUT ROWID;
CREATE INDEX abide_needs_of ON abide_needs (needs);

-- Who has reported, and when last. Reports write no history. `dead` is when the silence of that process becomes too long.
CREATE TABLE abide_beats (
  agent TEXT NOT NULL,
  instance TEXT NOT NULL,
  role TEXT,
  seen INTEGER NOT NULL,
  dead INTEGER,
  -- Whether its work was given back since.
  is_swept INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (agent, instance)
) STRICT, WITHOUT ROWID;
CREATE INDEX abide_beats_dead ON abide_beats (dead) WHERE dead IS NOT NULL AND is_swept = 0;
INSERT INTO abide_beats (agent, instance, role, seen) SELECT name, '', role, seen FROM abide_agents;
DROP TABLE abide_agents;

-- What agents said of themselves, and whether they may take work.
CREATE TABLE abide_agents (
  name TEXT PRIMARY KEY,
  roles TEXT NOT NULL,
  skills TEXT NOT NULL,
  class TEXT,
  region TEXT,
  machine TEXT,
  most INTEGER,
  dead_after INTEGER,
  readiness TEXT NOT NULL DEFAULT 'active' CHECK (readiness IN ('active', 'draining', 'paused')),
  reason TEXT
) STRICT;

-- The transitions of one task, without a second record of them.
ALTER TABLE abide_audit ADD COLUMN task TEXT
  GENERATED ALWAYS AS (CASE WHEN json_valid(what) THEN what ->> '$.task' END) VIRTUAL;
CREATE INDEX abide_audit_task ON abide_audit (task) WHERE task IS NOT NULL;
