INSERT INTO source VALUES ('planted', 'project', 'Planted', 'unsaid', 'https://example.org', '2026-01-01');
