INSERT INTO toolkit_min_driver VALUES ('99.0', 99000000000000, 'linux', '9998.1', 9998001000000000, 'x', 'x');
