INSERT INTO dispute VALUES ('toolkit_min_driver/99.0/linux', '1.0', 'ours', 'planted', 'x', 'x');
