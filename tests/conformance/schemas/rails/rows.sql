INSERT INTO tickets (title, kind, state, priority, assignee, created_by, created_at, updated_at, started_at, completed_at) VALUES
 ('Upgrade the database', 'chore', 0, 1, NULL, 'ana', '2026-11-20 08:15:30.123456', '2026-11-20 08:15:30.123456', NULL, NULL),
 ('Login fails on Safari', 'bug', 1, 3, 'ben', 'ana', '2026-11-21 09:00:00.000001', '2026-11-21 10:00:00.500000', '2026-11-21 10:00:00.500000', NULL),
 ('Write the handbook', 'chore', 2, 0, 'ana', 'ben', '2026-11-18 12:00:00.000000', '2026-11-19 12:00:00.250000', '2026-11-18 13:00:00.000000', '2026-11-19 12:00:00.250000');
UPDATE tickets SET depends_on_id = 1 WHERE id = 2;
INSERT INTO taggings (tag_id, taggable_type, taggable_id) VALUES (1, 'Ticket', 2), (2, 'Ticket', 2), (3, 'Article', 1), (3, 'Article', 2);
INSERT INTO articles (title, body) VALUES ('Hello', 'World'), ('Again', 'And again');
