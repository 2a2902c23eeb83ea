-- Less for each claim to write, and less to work out. Comparisons and no lists, as SQLite makes a table of a list for each row anew.

-- The text of two checks, and nothing else of the table: what stands in it, and what others have built on it, stays as it is.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql,
    'status IN (''pending'', ''running'', ''blocked'', ''completed'', ''failed'', ''cancelled'')',
    'status = ''pending'' OR status = ''running'' OR status = ''blocked'' OR status = ''completed'' OR status = ''failed'' OR status = ''cancelled'''),
    'severity IN (''low'', ''medium'', ''high'', ''critical'')',
    'severity = ''low'' OR severity = ''medium'' OR severity = ''high'' OR severity = ''critical''')
  WHERE type = 'table' AND name = 'abide_tasks';
PRAGMA writable_schema = RESET;

-- Whether a task has ended, whoever writes its status. An index that says `status` is written anew at each change of the status; this
-- one is left alone until the task ends.
ALTER TABLE abide_tasks ADD COLUMN ended INTEGER CHECK (ended = 1);
UPDATE abide_tasks SET ended = 1 WHERE status = 'completed' OR status = 'failed' OR status = 'cancelled';
DROP INDEX abide_tasks_open;
DROP INDEX abide_tasks_ended;
CREATE INDEX abide_tasks_open ON abide_tasks (type) WHERE ended IS NULL;
CREATE INDEX abide_tasks_ended ON abide_tasks (status) WHERE ended IS NOT NULL;
CREATE TRIGGER abide_tasks_added AFTER INSERT ON abide_tasks
  WHEN (new.status = 'completed' OR new.status = 'failed' OR new.status = 'cancelled') <> (new.ended IS NOT NULL)
BEGIN
  UPDATE abide_tasks SET ended = CASE WHEN new.ended IS NULL THEN 1 END WHERE id = new.id;
END;
CREATE TRIGGER abide_tasks_moved AFTER UPDATE OF status ON abide_tasks
  WHEN (new.status = 'completed' OR new.status = 'failed' OR new.status = 'cancelled') <> (new.ended IS NOT NULL)
BEGIN
  UPDATE abide_tasks SET ended = CASE WHEN new.ended IS NULL THEN 1 END WHERE id = new.id;
END;

-- The highest number of a claim that has ended while no newer one stood: the next claim's is higher than that and than all that stand.
-- SQLite's own counter would be one more page for each claim.
ALTER TABLE abide_state ADD COLUMN token INTEGER NOT NULL DEFAULT 0;
UPDATE abide_state SET token = max(coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = 'abide_claims'), 0),
  coalesce((SELECT max(token) FROM abide_claims), 0));
CREATE TABLE abide_claims_before AS SELECT * FROM abide_claims;
DROP TABLE abide_claims;
CREATE TABLE abide_claims (
  token INTEGER PRIMARY KEY,
  task TEXT NOT NULL UNIQUE,
  agent TEXT NOT NULL,
  instance TEXT NOT NULL,
  duty TEXT,
  -- The agent that the task was kept for before.
  kept_for TEXT,
  taken INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT;
INSERT INTO abide_claims (token, task, agent, instance, duty, kept_for, taken, until)
  SELECT token, task, agent, instance, duty, kept_for, taken, until FROM abide_claims_before ORDER BY token;
DROP TABLE abide_claims_before;
CREATE INDEX abide_claims_until ON abide_claims (until);
CREATE INDEX abide_claims_agent ON abide_claims (agent, instance);
CREATE INDEX abide_claims_duty ON abide_claims (duty, agent) WHERE duty IS NOT NULL;
CREATE TRIGGER abide_claims_newest AFTER DELETE ON abide_claims
  WHEN old.token > (SELECT coalesce(max(token), 0) FROM abide_claims)
BEGIN
  UPDATE abide_state SET token = max(token, old.token);
END;

-- The change feed of abide_tasks. What it held is of no use any more: whoever reads it reads everything once the schema has changed.
-- Its newest entry is never taken out, so that no number is given twice.
DROP TRIGGER abide_changes_replace;
DROP TRIGGER abide_changes_insert;
DROP TRIGGER abide_changes_update;
DROP TRIGGER abide_changes_rekey;
DROP TRIGGER abide_changes_delete;
DROP TABLE abide_changes;
CREATE TABLE "abide_changes" (seq INTEGER PRIMARY KEY, task, was TEXT);
CREATE TRIGGER "abide_changes_replace" BEFORE INSERT ON "abide_tasks" BEGIN
  INSERT INTO "abide_changes" (task, was) SELECT "id", CASE WHEN "status" = 'pending' OR "status" = 'running' OR "status" = 'blocked' THEN NULL
    ELSE quote("id") || ',' || quote("type") || ',' || quote("title") || ',' || quote("body") || ',' || quote("role") || ',' ||
    quote("agent") || ',' || quote("author") || ',' || quote("status") || ',' || quote("severity") || ',' ||
    quote("context") || ',' || quote("created") || ',' || quote("claimed") || ',' || quote("started") || ',' ||
    quote("finished") || ',' || quote("labels") END FROM "abide_tasks" WHERE "id" = new."id";
END;
CREATE TRIGGER "abide_changes_insert" AFTER INSERT ON "abide_tasks" BEGIN
  INSERT INTO "abide_changes" (task, was) VALUES (new."id", '');
END;
CREATE TRIGGER "abide_changes_update" AFTER UPDATE OF "id", "type", "title", "body", "role", "agent", "author",
    "status", "severity", "context", "created", "claimed", "started", "finished", "labels" ON "abide_tasks" BEGIN
  INSERT INTO "abide_changes" (task, was) VALUES (old."id", CASE WHEN old."status" = 'pending' OR old."status" = 'running' OR old."status" = 'blocked' THEN NULL
    ELSE quote(old."id") || ',' || quote(old."type") || ',' || quote(old."title") || ',' || quote(old."body") || ',' ||
    quote(old."role") || ',' || quote(old."agent") || ',' || quote(old."author") || ',' || quote(old."status") || ',' ||
    quote(old."severity") || ',' || quote(old."context") || ',' || quote(old."created") || ',' ||
    quote(old."claimed") || ',' || quote(old."started") || ',' || quote(old."finished") || ',' ||
    quote(old."labels") END);
END;
CREATE TRIGGER "abide_changes_rekey" AFTER UPDATE OF "id" ON "abide_tasks" WHEN new."id" IS NOT old."id" BEGIN
  INSERT INTO "abide_changes" (task, was) VALUES (new."id", '');
END;
CREATE TRIGGER "abide_changes_delete" AFTER DELETE ON "abide_tasks" BEGIN
  INSERT INTO "abide_changes" (task, was) VALUES (old."id", CASE WHEN old."status" = 'pending' OR old."status" = 'running' OR old."status" = 'blocked' THEN NULL
    ELSE quote(old."id") || ',' || quote(old."type") || ',' || quote(old."title") || ',' || quote(old."body") || ',' ||
    quote(old."role") || ',' || quote(old."agent") || ',' || quote(old."author") || ',' || quote(old."status") || ',' ||
    quote(old."severity") || ',' || quote(old."context") || ',' || quote(old."created") || ',' ||
    quote(old."claimed") || ',' || quote(old."started") || ',' || quote(old."finished") || ',' ||
    quote(old."labels") END);
END;
CREATE TRIGGER "abide_changes_prune" AFTER INSERT ON "abide_changes" WHEN new.seq % 1000 = 0 BEGIN
  DELETE FROM "abide_changes" WHERE seq <= new.seq - 100000;
END;
CREATE TRIGGER "abide_changes_keep" BEFORE DELETE ON "abide_changes" WHEN old.seq = (SELECT max(seq) FROM "abide_changes") BEGIN
  SELECT RAISE(IGNORE);
END;
