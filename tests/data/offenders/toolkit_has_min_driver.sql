INSERT INTO toolkit VALUES ('99.1.0', 99001000000000, '99.1', 99001000000000, '99.1', 'ga', '-', 'unsaid', 'x', 'x');
