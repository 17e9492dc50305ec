UPDATE meta SET value = '2020-01-01' WHERE key = 'as_of';
