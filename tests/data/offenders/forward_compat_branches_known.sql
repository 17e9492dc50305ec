INSERT INTO forward_compatibility VALUES ('12.4', 12004000000000, '9998', 9998000000000000, 'compatible', 'x', 'x');
