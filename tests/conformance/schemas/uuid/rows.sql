INSERT INTO workItems VALUES
 ('0b8f6c1e-8f3e-4b8e-9a43-2f1f5ce6a001', 'feature', 'Export as CSV', 'open', 'developer', NULL, 'po', 'P2', '{"labels": {"area": "web"}}', 1795431600123, NULL, NULL, 1795431600123, '2026-12-24'),
 ('0b8f6c1e-8f3e-4b8e-9a43-2f1f5ce6a002', 'fix_bug', 'Totals are off', 'in_progress', 'developer', 'dev-1', 'po', 'P0', '{"labels": {"area": "db"}}', 1795431700123, 1795431800123, NULL, 1795431800123, NULL),
 ('0b8f6c1e-8f3e-4b8e-9a43-2f1f5ce6a003', 'feature', 'Dark mode', 'closed', 'developer', 'dev-1', 'po', 'P3', NULL, 1795331700123, 1795331800123, 1795431800123, 1795431800123, NULL),
 ('0b8f6c1e-8f3e-4b8e-9a43-2f1f5ce6a004', 'feature', 'Fax gateway', 'wontfix', 'architect', NULL, 'po', 'P1', NULL, 1795331700123, NULL, 1795431800123, 1795431800123, NULL);
INSERT INTO workers VALUES ('dev-1', 'developer', 1795431800123);
