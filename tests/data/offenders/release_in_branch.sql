INSERT INTO driver_branch VALUES
  ('9990', 9990000000000000, 'linux', '9990', 9990000000000000, '9990', 9990000000000000, 'PB', '99.0', 99000000000000,
   'unsaid', NULL, 'unsaid', NULL, 'unsaid', 'unsaid', 'x', 'x');
INSERT INTO driver_release VALUES ('9991.1', 9991001000000000, 'linux', '9990', 'unsaid', 'x', 'x');
