INSERT INTO listing VALUES ('planted', '2.0', 2, '1.0', 1, 'linux', 'x86_64', 'every', 'x', 'x');
