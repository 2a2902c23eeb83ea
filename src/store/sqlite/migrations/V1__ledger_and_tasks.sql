-- Abide's own tables. Times are milliseconds since 1970-01-01 00:00:00 UTC.

-- One row: the ledger's version, and the specs that the last pass accepted.
CREATE TABLE abide_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  ledger INTEGER NOT NULL,
  revision TEXT,
  specs INTEGER
) STRICT;
INSERT INTO abide_state (id, ledger) VALUES (1, 0);

-- One row: who leads. The epoch never goes down.
CREATE TABLE abide_lease (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL,
  holder TEXT,
  until INTEGER NOT NULL
) STRICT;
INSERT INTO abide_lease (id, epoch, until) VALUES (1, 0, 0);

-- What Abide knows of each remediation task.
CREATE TABLE abide_remediations (
  seq INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  spec TEXT,
  rule TEXT NOT NULL,
  subject TEXT NOT NULL,
  subjects TEXT NOT NULL,
  code TEXT NOT NULL,
  severity TEXT NOT NULL,
  owner TEXT,
  title TEXT NOT NULL,
  file TEXT,
  spec_digest TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  closed_reason TEXT,
  closed_at INTEGER,
  opened INTEGER NOT NULL,
  flaps INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  refused_until INTEGER,
  refused_by TEXT,
  refused_reason TEXT,
  task TEXT NOT NULL,
  touched INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
-- At most one open task per fingerprint, whoever writes.
CREATE UNIQUE INDEX abide_remediations_open ON abide_remediations (fingerprint) WHERE state = 'open';
CREATE INDEX abide_remediations_fingerprint ON abide_remediations (fingerprint);
CREATE INDEX abide_remediations_task ON abide_remediations (task);

-- Steps that wait for a person.
CREATE TABLE abide_holds (
  id TEXT PRIMARY KEY,
  action TEXT NOT NULL,
  fingerprint TEXT,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL,
  released_by TEXT,
  released_at INTEGER
) STRICT;

-- Every transition, each row bound to the one before it.
CREATE TABLE abide_audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  action TEXT NOT NULL,
  what TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

-- The live tasks, where the team has no table of its own.
CREATE TABLE abide_tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT,
  role TEXT,
  agent TEXT,
  author TEXT,
  status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'blocked', 'completed', 'failed', 'cancelled')),
  severity TEXT NOT NULL DEFAULT 'medium' CHECK (severity IN ('low', 'medium', 'high', 'critical')),
  labels TEXT,
  context TEXT,
  error TEXT,
  parent INTEGER REFERENCES abide_tasks (id),
  attempts INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  claimed INTEGER,
  started INTEGER,
  finished INTEGER,
  updated INTEGER,
  due INTEGER,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX abide_tasks_status ON abide_tasks (status, type);
CREATE INDEX abide_tasks_finished ON abide_tasks (finished);
CREATE TRIGGER abide_tasks_version AFTER UPDATE ON abide_tasks WHEN new.version = old.version
BEGIN
  UPDATE abide_tasks SET version = old.version + 1 WHERE id = new.id;
END;

-- Who is alive.
CREATE TABLE abide_agents (
  name TEXT PRIMARY KEY,
  role TEXT,
  seen INTEGER NOT NULL
) STRICT;
