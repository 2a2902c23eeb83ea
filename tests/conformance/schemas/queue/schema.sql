-- Work for machines: who holds a job has locked it. Two ways of writing times in one row.
CREATE TABLE jobs (id INTEGER PRIMARY KEY, queue TEXT NOT NULL, job_class TEXT NOT NULL, name TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'locked', 'succeeded', 'failed', 'discarded')),
  priority INTEGER NOT NULL DEFAULT 100, attempts INTEGER NOT NULL DEFAULT 0, payload TEXT NOT NULL DEFAULT '{}', run_at REAL,
  locked_by TEXT, locked_at INTEGER, finished_at INTEGER, last_error TEXT, created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE INDEX jobs_by_state ON jobs (state, priority);
CREATE TABLE workers (id INTEGER PRIMARY KEY, hostname TEXT NOT NULL, queue TEXT, last_heartbeat_at INTEGER);
