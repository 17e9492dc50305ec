INSERT INTO cloud_type SELECT 'zz9.xlarge', 'zz9xlarge', 'AWS zz9', source_id, 'planted' FROM source LIMIT 1;
