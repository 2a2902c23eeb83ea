CREATE TABLE agent_tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_type TEXT NOT NULL,
    assigned_to TEXT,
    claimed_by TEXT,
    created_by TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'blocked', 'completed', 'failed', 'cancelled')),
    priority INTEGER NOT NULL DEFAULT 5,
    title TEXT NOT NULL,
    context_json TEXT,
    result_json TEXT,
    error_message TEXT,
    parent_task_id INTEGER REFERENCES agent_tasks (id),
    retry_count INTEGER NOT NULL DEFAULT 0,
    po_approval TEXT,
    architect_approval TEXT,
    created_at TEXT NOT NULL,
    started_at TEXT,
    completed_at TEXT
);
CREATE INDEX idx_tasks_status ON agent_tasks (status, task_type);
CREATE TABLE agent_state (
    agent_name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    current_task_id INTEGER,
    last_active TEXT NOT NULL
);
