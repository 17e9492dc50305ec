INSERT INTO compute_capability VALUES ('98.0', 980, 'Later', 'card', '99.0', 990, 'unsaid', 'unsaid', 'x', 'x');
