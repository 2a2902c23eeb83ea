INSERT INTO cards (column_id, title, tags, blocked_by, assignee, created_at, started_at, finished_at) VALUES
 (1, 'Rotate the keys', '["area:security", "urgent"]', '[]', NULL, '2026-11-20T08:15:30', NULL, NULL),
 (2, 'Move to the new cluster', '["area:db"]', '[1]', 'kim', '2026-11-20T09:15:30', '2026-11-21T09:15:30', NULL),
 (8, 'New front page', '[]', '[]', 'lee', '2026-11-19T10:00:00', '2026-11-19T11:00:00', NULL),
 (9, 'Fix the footer', '["area:web"]', '[]', 'lee', '2026-11-17T10:00:00', '2026-11-17T11:00:00', '2026-11-18T09:30:00');
