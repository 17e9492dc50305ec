DELETE FROM codec WHERE codec = 'zstd' AND os = 'windows';
