-- Everything is a row of another table, and little may be left out.
CREATE TABLE project (id INTEGER PRIMARY KEY, pkey TEXT NOT NULL UNIQUE);
CREATE TABLE issue_status (id INTEGER PRIMARY KEY, pname TEXT NOT NULL, category TEXT NOT NULL);
CREATE TABLE priority (id INTEGER PRIMARY KEY, pname TEXT NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE issue_type (id INTEGER PRIMARY KEY, pname TEXT NOT NULL);
CREATE TABLE person (id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE);
CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE issue (id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL REFERENCES project(id), summary TEXT NOT NULL, description TEXT,
  issue_type_id INTEGER NOT NULL REFERENCES issue_type(id), status_id INTEGER NOT NULL REFERENCES issue_status(id),
  priority_id INTEGER NOT NULL REFERENCES priority(id), reporter_id TEXT NOT NULL REFERENCES person(id),
  assignee_id TEXT REFERENCES person(id), team_id INTEGER REFERENCES team(id), created TEXT NOT NULL, updated TEXT NOT NULL,
  resolved TEXT, due_date TEXT);
CREATE INDEX issue_by_status ON issue (status_id);
CREATE TABLE issue_label (issue_id INTEGER NOT NULL REFERENCES issue(id), label TEXT NOT NULL, PRIMARY KEY (issue_id, label));
CREATE TABLE issue_link (source_id INTEGER NOT NULL REFERENCES issue(id), target_id INTEGER NOT NULL REFERENCES issue(id), link_type TEXT NOT NULL);
CREATE INDEX issue_link_by_source ON issue_link (source_id);
INSERT INTO project VALUES (7, 'ABC');
INSERT INTO issue_status VALUES (1, 'To Do', 'new'), (2, 'In Progress', 'indeterminate'), (3, 'On Hold', 'indeterminate'), (4, 'Done', 'done'), (5, 'Rejected', 'done'), (6, 'Cancelled', 'done');
INSERT INTO priority VALUES (1, 'Highest', 1), (2, 'High', 2), (3, 'Medium', 3), (4, 'Low', 4);
INSERT INTO issue_type VALUES (1, 'Bug'), (2, 'Task');
INSERT INTO person VALUES ('u1', 'po'), ('u2', 'dev-1'), ('u3', 'abide'), ('u4', 'dev-2'), ('u5', 'ada'), ('u6', 'bob');
INSERT INTO team VALUES (1, 'developer'), (2, 'architect'), (3, 'qa'), (4, 'ops');
