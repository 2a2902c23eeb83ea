INSERT INTO jobs (queue, job_class, name, state, priority, attempts, payload, locked_by, locked_at, finished_at, last_error, created_at) VALUES
 ('developer', 'fix_bug', 'Mend the export', 'queued', 100, 0, '{"area": "db"}', NULL, NULL, NULL, NULL, '2026-11-20 08:00:00'),
 ('developer', 'fix_bug', 'Mend the import', 'locked', 10, 1, '{"area": "web"}', 'worker-1', 1795431600, NULL, NULL, '2026-11-20 08:00:00'),
 ('architect', 'review', 'Look at the plan', 'succeeded', 50, 0, '{}', 'worker-2', 1795431600, 1795435200, NULL, '2026-11-19 08:00:00'),
 ('architect', 'review', 'Look at the other plan', 'failed', 50, 3, '{}', NULL, NULL, 1795435200, 'no time', '2026-11-19 08:00:00');
INSERT INTO workers VALUES (1, 'worker-1', 'developer', 1795435100), (2, 'worker-2', 'architect', 1795435150);
