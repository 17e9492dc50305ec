INSERT INTO toolkit VALUES
  ('99.1.0', 99001000000000, '99.2', 99002000000000, '99.1', 'update', '-', 'unsaid', 'x', 'x');
