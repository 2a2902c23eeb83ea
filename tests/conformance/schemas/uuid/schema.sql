-- Keys are UUIDs, there is no rowid, times are JavaScript's, and what is not a column is JSON.
CREATE TABLE "workItems" ("id" TEXT NOT NULL PRIMARY KEY, "type" TEXT NOT NULL, "name" TEXT NOT NULL, "state" TEXT NOT NULL, "squad" TEXT,
  "assignee" TEXT, "requestedBy" TEXT, "priority" TEXT NOT NULL DEFAULT 'P2', "meta" TEXT, "createdAt" INTEGER NOT NULL, "startedAt" INTEGER,
  "completedAt" INTEGER, "updatedAt" INTEGER, "dueDate" TEXT) WITHOUT ROWID;
CREATE TABLE "workers" ("name" TEXT PRIMARY KEY, "squad" TEXT, "lastSeenAt" INTEGER);
