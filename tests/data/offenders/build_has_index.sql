INSERT INTO build(package, version, version_key, tag, os, arch, channel, is_default, device, cuda, cuda_key, pythons, images,
                  images_kind, codec, cudnn, nccl, requires, released, confidence, source_id, locator) VALUES
  ('planted', '1.0', 1, 'cu990', 'linux', 'x86_64', 'framework', 'no', 'cuda', '99.0', 99000000000000, 'any', 'sm_90', 'documented', '-', '-', '-', '-', 'unsaid',
   'sure', 'x', 'x');
