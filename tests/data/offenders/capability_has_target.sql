INSERT INTO compute_capability VALUES ('98.0', 980, 'Later', 'card', '-', NULL, 'unsaid', 'unsaid', 'x', 'x');
