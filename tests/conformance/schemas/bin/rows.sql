INSERT INTO items (content, description, labels, checked, is_deleted, added_at, completed_at) VALUES
 ('Buy milk', NULL, '["area:home"]', 0, 0, '2026-11-20T08:00:00Z', NULL),
 ('Write the report', 'Ten pages at the most', '["area:work", "urgent"]', 0, NULL, '2026-11-20T09:00:00Z', NULL),
 ('Pay the rent', NULL, '[]', 1, 0, '2026-11-10T09:00:00Z', '2026-11-11T09:00:00Z'),
 ('Added twice', NULL, '[]', 0, 1, '2026-11-20T09:30:00Z', NULL);
