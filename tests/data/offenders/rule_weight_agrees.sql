UPDATE severity SET severity = 2 WHERE verdict = 'conditional';
