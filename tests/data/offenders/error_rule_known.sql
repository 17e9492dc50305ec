INSERT INTO candidate VALUES ('no-such-rule', 'nor-this-one', 1, '*', '*', '*', 'planted', '-', 'x', 'x');
