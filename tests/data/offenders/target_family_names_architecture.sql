INSERT INTO target_family VALUES ('compute_990f', '9.0', 90, 'x', 'x');
