INSERT INTO package(package, title, kind, main_library, images_from, choice, runtime_compiler, install, shown_by_default,
                    numbers, source_id, locator) VALUES
  ('planted', 'Planted', 'framework', '*x.so', 'list', 'one', '-', '-', 'no', 'whole', 'x', 'x');
INSERT INTO build(package, version, version_key, tag, os, arch, channel, is_default, device, cuda, cuda_key, pythons, images,
                  images_kind, codec, cudnn, nccl, requires, released, confidence, source_id, locator) VALUES
  ('planted', '1.0', 1, 'cu124', 'linux', 'x86_64', 'framework', 'no', 'cuda', '12.4', 12004000000000, 'any', 'sm_90 sm_120', 'documented', '-', '-',
   '-', '-', 'unsaid', 'sure', 'x', 'x');
