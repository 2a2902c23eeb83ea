-- Rows are deleted by a mark on them, and what other lists call a description is beside the title.
CREATE TABLE items (id INTEGER PRIMARY KEY, content TEXT NOT NULL, description TEXT, labels TEXT NOT NULL DEFAULT '[]',
  checked INTEGER NOT NULL DEFAULT 0, is_deleted INTEGER DEFAULT 0, added_at TEXT NOT NULL, completed_at TEXT);
