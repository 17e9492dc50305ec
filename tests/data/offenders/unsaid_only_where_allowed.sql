INSERT INTO unsaid_count VALUES ('compute_capability', 'cc', 1);
