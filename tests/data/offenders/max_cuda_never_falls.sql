INSERT INTO driver_branch VALUES
  ('9990', 9990000000000000, 'linux', '9990', 9990000000000000, '9990', 9990000000000000, 'PB', '99.1', 99001000000000,
   'unsaid', NULL, 'unsaid', NULL, 'unsaid', 'unsaid', 'x', 'x'),
  ('9991', 9991000000000000, 'linux', '9991', 9991000000000000, '9991', 9991000000000000, 'PB', '99.0', 99000000000000,
   'unsaid', NULL, 'unsaid', NULL, 'unsaid', 'unsaid', 'x', 'x');
