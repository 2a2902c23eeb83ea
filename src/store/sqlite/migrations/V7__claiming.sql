-- Less for each claim to write: one index has the open tasks and another the rest, so that a claim moves no entry from one place of an
-- index to another. Whoever asks by status says which half it is about. Comparisons and no lists: SQLite makes a table of a list, for
-- each row anew.
DROP INDEX abide_tasks_status;
CREATE INDEX abide_tasks_open ON abide_tasks (type)
  WHERE status = 'pending' OR status = 'running' OR status = 'blocked';
CREATE INDEX abide_tasks_ended ON abide_tasks (status)
  WHERE status = 'completed' OR status = 'failed' OR status = 'cancelled';
