INSERT INTO driver_support VALUES
  ('98.0', 980, 'linux', '9998', 9998000000000000, 'unsaid', NULL, 'open', 9223372036854775807, 'either', 'x', 'x');
