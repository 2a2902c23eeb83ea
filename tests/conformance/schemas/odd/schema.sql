-- Names with blanks, umlauts and words of SQL itself; the database watches the types and keeps a time by itself.
CREATE TABLE "Aufgaben Liste" ("Nr." INTEGER PRIMARY KEY AUTOINCREMENT, "Art" TEXT NOT NULL CHECK ("Art" IN ('Fehler', 'Wunsch', 'Pflege')),
  "Was?" TEXT NOT NULL, "group" TEXT, "Für wen" TEXT, "order" TEXT NOT NULL CHECK ("order" IN ('offen', 'in Arbeit', 'wartet', 'erledigt', 'gescheitert', 'verworfen')),
  "Priorität" TEXT, "Schlag worte" TEXT, "Angaben ""JSON""" TEXT, "von" TEXT, "erstellt am" TEXT NOT NULL, "fertig am" TEXT,
  "Geändert" TEXT, "Länge" INTEGER GENERATED ALWAYS AS (length("Was?")) STORED);
CREATE INDEX "Nach Zustand" ON "Aufgaben Liste" ("order");
CREATE TRIGGER "merkt sich" AFTER UPDATE ON "Aufgaben Liste" BEGIN
  UPDATE "Aufgaben Liste" SET "Geändert" = strftime('%Y-%m-%dT%H:%M:%S', 'now') WHERE "Nr." = NEW."Nr.";
END;
