INSERT INTO issue (id, project_id, summary, issue_type_id, status_id, priority_id, reporter_id, assignee_id, team_id, created, updated, resolved, due_date) VALUES
 (101, 7, 'Pay twice', 1, 2, 1, 'u1', 'u2', 1, '2026-11-20T10:00:00.000+01:00', '2026-11-20T11:00:00.000+01:00', NULL, '2026-12-01'),
 (102, 7, 'Draw the map', 2, 1, 3, 'u1', NULL, 2, '2026-11-21T10:00:00.000+01:00', '2026-11-21T10:00:00.000+01:00', NULL, NULL),
 (103, 7, 'Buy a printer', 2, 4, 4, 'u1', 'u2', 1, '2026-11-11T10:00:00.000+01:00', '2026-11-12T10:00:00.000+01:00', '2026-11-12T10:00:00.000+01:00', NULL);
INSERT INTO issue_label VALUES (101, 'area:db'), (101, 'money');
INSERT INTO issue_link VALUES (101, 102, 'is blocked by'), (101, 103, 'relates to');
