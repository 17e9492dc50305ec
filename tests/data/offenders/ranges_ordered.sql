INSERT INTO driver_defect VALUES ('9991.1', 9991001000000000, '9990.1', 9990001000000000, 'linux', '*', '*', 'planted', 'x', 'x');
