-- What changed in abide_tasks, in the order in which it did: the row's key, and how the row was. Whoever reads remembers the open
-- rows, so `was` is NULL where the row was open, empty where there was none, and else its values as quote() writes them. It is the
-- feed that Abide prints for a team's table, word for word.
CREATE TABLE "abide_changes" (seq INTEGER PRIMARY KEY AUTOINCREMENT, task, was TEXT);
CREATE TRIGGER "abide_changes_replace" BEFORE INSERT ON "abide_tasks" BEGIN
  INSERT INTO "abide_changes" (task, was) SELECT "id", CASE WHEN CAST("status" AS TEXT) IN ('pending', 'running', 'blocked') THEN NULL
    ELSE quote("id") || ',' || quote("type") || ',' || quote("title") || ',' || quote("body") || ',' ||
    quote("role") || ',' || quote("agent") || ',' || quote("author") || ',' || quote("status") || ',' ||
    quote("severity") || ',' || quote("context") || ',' || quote("created") || ',' || quote("claimed") || ',' ||
    quote("started") || ',' || quote("finished") || ',' || quote("labels")
    END FROM "abide_tasks" WHERE "id" = new."id";
END;
CREATE TRIGGER "abide_changes_insert" AFTER INSERT ON "abide_tasks" BEGIN
  INSERT INTO "abide_changes" (task, was) VALUES (new."id", '');
END;
CREATE TRIGGER "abide_changes_update" AFTER UPDATE OF "id", "type", "title", "body", "role", "agent", "author",
    "status", "severity", "context", "created", "claimed", "started", "finished", "labels" ON "abide_tasks" BEGIN
  INSERT INTO "abide_changes" (task, was) VALUES (old."id", CASE WHEN CAST(old."status" AS TEXT) IN ('pending', 'running', 'blocked') THEN NULL
    ELSE quote(old."id") || ',' || quote(old."type") || ',' || quote(old."title") || ',' || quote(old."body") ||
    ',' || quote(old."role") || ',' || quote(old."agent") || ',' || quote(old."author") || ',' ||
    quote(old."status") || ',' || quote(old."severity") || ',' || quote(old."context") || ',' ||
    quote(old."created") || ',' || quote(old."claimed") || ',' || quote(old."started") || ',' ||
    quote(old."finished") || ',' || quote(old."labels")
    END);
END;
CREATE TRIGGER "abide_changes_rekey" AFTER UPDATE OF "id" ON "abide_tasks" WHEN new."id" IS NOT old."id" BEGIN
  INSERT INTO "abide_changes" (task, was) VALUES (new."id", '');
END;
CREATE TRIGGER "abide_changes_delete" AFTER DELETE ON "abide_tasks" BEGIN
  INSERT INTO "abide_changes" (task, was) VALUES (old."id", CASE WHEN CAST(old."status" AS TEXT) IN ('pending', 'running', 'blocked') THEN NULL
    ELSE quote(old."id") || ',' || quote(old."type") || ',' || quote(old."title") || ',' || quote(old."body") ||
    ',' || quote(old."role") || ',' || quote(old."agent") || ',' || quote(old."author") || ',' ||
    quote(old."status") || ',' || quote(old."severity") || ',' || quote(old."context") || ',' ||
    quote(old."created") || ',' || quote(old."claimed") || ',' || quote(old."started") || ',' ||
    quote(old."finished") || ',' || quote(old."labels")
    END);
END;
CREATE TRIGGER "abide_changes_prune" AFTER INSERT ON "abide_changes" WHEN new.seq % 1000 = 0 BEGIN
  DELETE FROM "abide_changes" WHERE seq <= new.seq - 100000;
END;
