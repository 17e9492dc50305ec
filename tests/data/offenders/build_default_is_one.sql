INSERT INTO build(package, version, version_key, tag, os, arch, channel, is_default, device, cuda, cuda_key, pythons, images,
                  images_kind, codec, cudnn, nccl, requires, released, confidence, source_id, locator) VALUES
  ('planted', '1.0', 1, 'cu124', 'linux', 'x86_64', 'framework', 'yes', 'cuda', '12.4', 12004000000000, 'any', 'sm_90', 'documented', '-', '-', '-', '-', 'unsaid',
   'sure', 'x', 'x'),
  ('planted', '1.0', 1, 'cu126', 'linux', 'x86_64', 'framework', 'yes', 'cuda', '12.6', 12006000000000, 'any', 'sm_90', 'documented', '-', '-', '-', '-', 'unsaid',
   'sure', 'x', 'x');
