INSERT INTO toolkit_platform VALUES ('plan9 x86_64', '12.0', 12000000000000, '11.8', 11008000000000, 'x', 'x');
