INSERT INTO rule VALUES ('planted', 'incompatible', 1, '98765', 'planted', 'target_consistent');
