INSERT INTO package(package, title, kind, main_library, images_from, choice, runtime_compiler, install, shown_by_default,
                    numbers, source_id, locator) VALUES
  ('planted', 'Planted', 'framework', '*x.so', 'list', 'one', '-', '-', 'no', 'whole', 'x', 'x');
INSERT INTO build(package, version, version_key, tag, os, arch, channel, is_default, device, cuda, cuda_key, pythons, images,
                  images_kind, codec, cudnn, nccl, requires, released, confidence, source_id, locator) VALUES
  ('planted', '1.0', 1, 'cu124', 'linux', 'x86_64', 'framework', 'no', 'cuda', '12.4', 12004000000000, 'any', 'sm_80 sm_90', 'measured', '-', '-',
   '-', '-', 'unsaid', 'sure', 'x', 'x');
INSERT INTO library_role VALUES ('planted', 1, '*x.so', 'main', 'x', 'x');
INSERT INTO measured_image VALUES
  ('planted', '1.0', 'cu124', 'linux', 'x86_64', 'lib:x.so', 'cubin', 'sm_90', 'none', '-', 1, 'yes', 'x', 'x');
