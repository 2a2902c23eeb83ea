-- As Rails makes it: statuses are an enum of integers, times have microseconds, tags hang on anything.
CREATE TABLE "tickets" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "title" varchar NOT NULL, "description" text,
  "kind" varchar DEFAULT 'chore' NOT NULL, "state" integer DEFAULT 0 NOT NULL, "priority" integer DEFAULT 1 NOT NULL,
  "assignee" varchar, "created_by" varchar, "depends_on_id" integer, "data" json,
  "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, "started_at" datetime(6), "completed_at" datetime(6),
  CONSTRAINT "fk_parent" FOREIGN KEY ("depends_on_id") REFERENCES "tickets" ("id"));
CREATE INDEX "index_tickets_on_state" ON "tickets" ("state");
CREATE TABLE "tags" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL, "taggings_count" integer DEFAULT 0);
CREATE TABLE "taggings" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "tag_id" integer NOT NULL,
  "taggable_type" varchar NOT NULL, "taggable_id" integer NOT NULL, "context" varchar(128) DEFAULT 'tags' NOT NULL);
CREATE INDEX "index_taggings_on_taggable" ON "taggings" ("taggable_id", "taggable_type");
CREATE TABLE "articles" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "title" varchar NOT NULL, "body" text);
CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
INSERT INTO tags (name) VALUES ('area:db'), ('urgent'), ('area:web');
