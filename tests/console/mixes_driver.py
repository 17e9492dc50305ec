"""Mixes of drivers: modules, libcuda, containers, boards."""
from recorded import change, drop, miss, mix, old_driver, put, rec, see, unload


@mix('driver-not-installed')
def nouveau_no_driver():
    r = rec('driver-not-installed')
    drop(r, 'pci.driver', 'module.nouveau')
    see(r, 'pci.driver', 'nouveau')
    see(r, 'module.nouveau', 'Live')
    see(r, 'module.nouveau.users', '4')
    return r


@mix('driver-too-old')
def container_old_driver():
    r = rec('container-requires-newer-driver')
    change(r, 'cuda>=12.4 brand=tesla,driver>=470,driver<471 brand=tesla,driver>=525,driver<526', 'env.NVIDIA_REQUIRE_CUDA')
    change(r, '470.256.02', 'proc.driver.nvidia', 'libcuda', 'libnvidia-ml', 'module.nvidia.version')
    old_driver(r, '470.256.02', '11.4', '11040')
    r['gpus'][0].update(gpu='NVIDIA A100-SXM4-40GB', compute_capability='8.0', pci_id='10de:20b0')
    o = rec('native-image')
    r['packages'] = [dict(p, env='/usr', python='3.12') for p in o['packages'] if p['package'] == 'torch']
    return r


@mix('gpu-needs-newer-driver')
def blackwell_550_no_log():
    r = rec('gpu-needs-newer-driver')
    r.pop('errors')
    drop(r, 'log.kernel')
    return r


@mix('driver-not-loaded')
def secure_boot_unknown():
    r = rec('native-image')
    unload(r)
    drop(r, 'secure-boot', 'log.kernel')
    see(r, 'secure-boot', 'on')
    return r


@mix('driver-not-loaded', checks={'driver-runtime': '-'}, says=['headers are missing'], advised={'driver-too-old': '525.60.13'})
def not_loaded_and_too_old():
    r = rec('driver-not-loaded')
    r['gpus'][0]['pci_id'] = '10de:1e04'
    change(r, '10de:1e04', 'pci.nvidia')
    for l in r['libraries']:
        l['version'] = '470.256.02'
    for s in r['sightings']:
        if s['value'].startswith('550.120'):
            s['value'] = '470.256.02'
    return r


@mix('driver-not-visible-in-container')
def wsl_docker_no_gpus():
    r = rec('wsl-no-gpu')
    drop(r, 'wsl.lib', 'wsl.libcuda')
    see(r, 'container', 'docker', '/.dockerenv')
    miss(r, 'container.mount')
    r['platform'] = 'container'
    return r


@mix('uvm-not-ready')
def vm_uvm():
    r = rec('uvm-not-ready')
    r['platform'] = 'vm'
    see(r, 'vm', 'KVM')
    return r


@mix('gpu-dropped-by-driver')
def pascal_590():
    r = rec('driver-not-loaded')
    r['gpus'][0]['pci_id'] = '10de:1b80'
    for s in r['sightings']:
        if s['value'].startswith('550.120'):
            s['value'] = '590.48.01'
        if s['key'] == 'pci.nvidia':
            s['value'] = '10de:1b80'
    for l in r['libraries']:
        l['version'] = '590.48.01'
    return r


@mix('gpu-dropped-by-driver', advised={'no-kernel-image': 'Install torch 2.8.0+cu126'})
def pascal_590_with_a_build_for_newer_cards():
    r = pascal_590()
    host = rec('native-image')
    r.update({key: host[key] for key in host if key.startswith('python')})
    r['packages'] = [p for p in host['packages'] if p['package'] == 'torch']
    for p in r['packages']:
        p.update(version='2.8.0', text='2.8.0+cu128', tag='cu128', cuda='12.8')
    return r


@mix('driver-not-visible-in-container')
def custom_libcuda_only_ml():
    r = rec('driver-not-visible-in-container')
    drop(r, 'dev.*', 'container.mount', 'libnvidia-ml*')
    see(r, 'dev.nvidiactl', 'rw', '/dev/nvidiactl')
    see(r, 'container.mount', '', '/dev/nvidiactl')
    see(r, 'libnvidia-ml', '550.120')
    see(r, 'libnvidia-ml.kind', 'injected')
    see(r, 'env.NVIDIA_DRIVER_CAPABILITIES', 'utility')
    return r


@mix(None, checks={'init': 'memory', 'memory': None})
def memory_gone_before_init():
    r = rec('memory-exhausted')
    drop(r, 'libcuda.init*', 'libcuda.count')
    see(r, 'libcuda.init', '2', '/usr/lib/x86_64-linux-gnu/libcuda.so.1')
    for g in r['gpus']:
        g['memory_free_mib'] = 40
    return r


@mix('driver-stack-mismatch', checks={'card-starts': 'driver-halves', 'init': 'driver-halves'})
def halves_differ_and_nvml_says_18():
    return rec('driver-stack-mismatch')


@mix('device-permission', checks={'uvm': '-', 'init': 'device-rights'})
def closed_uvm_is_no_stale_uvm():
    r = rec('uvm-not-ready-after-suspend')
    put(r, 'dev.nvidia-uvm', 'none', '/dev/nvidia-uvm')
    return r


@mix('library-shadowed', checks={'libcuda': None, 'init': 'libcuda'})
def older_compat_in_front():
    r = rec('native-image')
    drop(r, 'libcuda', 'libcuda.kind', 'libcuda.init*', 'libcuda.count', 'libcuda.version')
    path = '/usr/local/cuda-12.0/compat/libcuda.so.1'
    see(r, 'libcuda', '525.60.13', path)
    see(r, 'libcuda.kind', 'compat', path)
    see(r, 'libcuda.version', '12000', path)
    see(r, 'libcuda.init', '803', path)
    r['cuda_driver'] = '12.0'
    for l in r['libraries']:
        if l['name'] == 'libcuda':
            l.update(version='525.60.13', kind='compat', path=path, by='LD_LIBRARY_PATH')
    return r


@mix('driver-not-loaded', checks={'driver-files': '-', 'module': None})
def container_on_host_without_module():
    r = rec('driver-not-visible-in-container')
    drop(r, 'module.nvidia*', 'proc.driver.nvidia', 'proc.gpu', 'dev.*', 'container.mount', 'pci.driver')
    miss(r, 'module.nvidia')
    miss(r, 'proc.driver.nvidia', '/proc/driver/nvidia/version')
    r['kernel_driver'] = ''
    return r


@mix('driver-not-loaded', says=['/etc/modprobe.d/no-gpu.conf'], remedies=["'/etc/modprobe.d/no-gpu.conf'", 'sed -i'], no_remedies=['headers', 'newer driver'])
def module_blacklisted():
    r = rec('native-image')
    unload(r)
    see(r, 'blacklist.nvidia', 'blacklist', '/etc/modprobe.d/no-gpu.conf')
    return r


@mix('driver-not-loaded', says=['/lib/modprobe.d/blacklist-nvidia.conf'], remedies=['sudo prime-select nvidia', 'alias[[:space:]]+nvidia'], no_remedies=['headers', 'newer driver'])
def module_switched_off_by_an_alias():
    r = rec('native-image')
    unload(r)
    see(r, 'blacklist.nvidia', 'blacklist', '/lib/modprobe.d/blacklist-nvidia.conf')
    return r


@mix('driver-not-loaded', says=['for kernel 6.8.0-45-generic and not for the running one'], remedies=['Start the kernel 6.8.0-45-generic', 'dkms autoinstall'], no_remedies=['modprobe.d'])
def module_built_for_another_kernel():
    r = rec('driver-not-loaded')
    drop(r, 'dkms*', 'module.nvidia.file')
    miss(r, 'module.nvidia.file')
    see(r, 'dkms', 'added', '/var/lib/dkms/nvidia/550.120')
    see(r, 'dkms.kernel', '6.8.0-45-generic', '/var/lib/dkms/nvidia/550.120')
    return r


@mix('device-permission', says=['/dev/nv'], remedies=['usermod -aG video,render'])
def jetson_without_rights():
    r = rec('native-image-jetson')
    for key in ('dev.nvmap', 'dev.nvhost-ctrl-gpu'):
        put(r, key, 'none', '/dev/' + key[4:])
    drop(r, 'libcuda.init*', 'libcuda.count')
    see(r, 'libcuda.init', '999')
    return r


@mix('driver-not-loaded', no_remedies=['sed -i.bak', "grep -n nvidia"])
def file_name_that_is_a_command():
    r = module_blacklisted()
    put(r, 'blacklist.nvidia', 'blacklist', "/lib/modprobe.d/a'; touch pwned; '.conf")
    return r


@mix('kernel-module-flavour', says=['needs the proprietary kernel modules'])
def flavour_of_a_pascal():
    r = rec('kernel-module-flavour')
    old = r['gpus'][0]['pci_id']
    r['gpus'][0]['pci_id'] = '10de:1b80'
    for s in r['sightings']:
        s['value'] = '10de:1b80' if s['value'] == old else s['value']
    r['module_flavour'] = 'open'
    change(r, 'open', 'module.nvidia.flavour')
    return r
