INSERT INTO companion VALUES ('planted', '1.0', 1, 'weed', '2.0', 2, 'no', 'x', 'x');
