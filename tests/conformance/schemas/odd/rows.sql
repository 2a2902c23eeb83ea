INSERT INTO "Aufgaben Liste" ("Art", "Was?", "group", "Für wen", "order", "Priorität", "Schlag worte", "von", "erstellt am", "fertig am") VALUES
 ('Fehler', 'Die Suche hängt', 'developer', NULL, 'offen', 'hoch', 'area:db, dringend', 'po', '2026-11-20T08:00:00', NULL),
 ('Wunsch', 'Ein Kalender', 'developer', 'Jörg', 'in Arbeit', 'mittel', 'area:web', 'po', '2026-11-20T09:00:00', NULL),
 ('Pflege', 'Alte Zweige löschen', 'architect', 'Ada', 'erledigt', 'niedrig', NULL, 'po', '2026-11-10T09:00:00', '2026-11-11T09:00:00');
