INSERT INTO measured_image VALUES
  ('planted', '1.0', '-', 'linux', 'x86_64', 'lib:x.so', 'cubin', 'sm_90', 'none', '-', 1, 'yes', 'x', 'x');
