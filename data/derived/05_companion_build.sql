-- The builds of companions on a framework's own index (table companion_build), a row of build for each build of the framework there that
-- has one. Pythons, and what their metadata pins, as in the build of the same version that the default index has.

INSERT INTO build (package, version, version_key, tag, os, arch, channel, is_default, device, cuda, cuda_key, pythons, images, images_kind,
                   codec, cudnn, nccl, requires, released, confidence, source_id, locator)
  SELECT c.companion, c.companion_version, c.companion_version_key, b.tag, b.os, b.arch, 'framework', 'no', b.device, b.cuda, b.cuda_key,
         coalesce((SELECT d.pythons FROM build d WHERE d.package = c.companion AND d.version_key = c.companion_version_key AND d.os = b.os AND d.arch = b.arch), b.pythons),
         x.images, 'script', 'none', '-', '-',
         coalesce((SELECT max(d.requires) FROM build d WHERE d.package = c.companion AND d.version_key = c.companion_version_key AND d.requires GLOB '[a-z]*'), b.package || '==' || b.version),
         b.released, x.confidence, x.source_id, x.locator
    FROM companion_build x
    JOIN build b ON b.package = x.package AND b.version_key BETWEEN x.first_version_key AND x.last_version_key AND b.tag = x.tag AND b.arch = x.arch AND b.channel = 'framework'
    JOIN companion c ON c.package = x.package AND c.version_key = b.version_key AND c.companion = x.companion AND c.same_tag = 'yes'
   WHERE NOT EXISTS (SELECT 1 FROM build d WHERE d.package = c.companion AND d.version_key = c.companion_version_key AND d.tag = b.tag AND d.os = b.os AND d.arch = b.arch);
