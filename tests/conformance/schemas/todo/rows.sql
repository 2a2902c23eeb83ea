INSERT INTO todos (title, done, created) VALUES ('Water the plants', 0, '2026-11-20 08:00:00'), ('Call the bank', 1, '2026-11-19 08:00:00'), ('Buy stamps', 0, '2026-11-21 08:00:00');
