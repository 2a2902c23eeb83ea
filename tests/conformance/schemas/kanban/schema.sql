-- A board's columns are its statuses, and each board has its own.
CREATE TABLE boards (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE columns (id INTEGER PRIMARY KEY, board_id INTEGER NOT NULL REFERENCES boards(id), name TEXT NOT NULL, position INTEGER NOT NULL);
CREATE TABLE cards (id INTEGER PRIMARY KEY, column_id INTEGER NOT NULL REFERENCES columns(id), title TEXT NOT NULL CHECK (title <> ''),
  notes TEXT, tags TEXT NOT NULL DEFAULT '[]', blocked_by TEXT NOT NULL DEFAULT '[]', assignee TEXT, position INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL, started_at TEXT, finished_at TEXT);
CREATE INDEX cards_by_column ON cards (column_id);
INSERT INTO boards VALUES (1, 'Platform'), (2, 'Website');
INSERT INTO columns VALUES (1, 1, 'Backlog', 1), (2, 1, 'Doing', 2), (3, 1, 'Blocked', 3), (4, 1, 'Done', 4), (5, 1, 'Failed', 5), (6, 1, 'Archived', 6),
  (7, 2, 'Backlog', 1), (8, 2, 'Doing', 2), (9, 2, 'Done', 3);
