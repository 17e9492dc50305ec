#!/usr/bin/env python3
"""Machines as people have them, end to end: what the program answers, and that it names no second, wrong cause. usage: machines.py EXECUTABLE FIXTURES

reports: query --target and doctor --target over reports/*.txt; expected.tsv says the verdict and rule of each.
logs:    explain over logs/*.log; expected.tsv says rule, class and line.
mixes:   doctor over recorded machines with something changed: two faults at once, another driver, card, system, Python.
"""
import json
import os
import subprocess
import sys
import tempfile

EXECUTABLE, FIXTURES = sys.argv[1:3]
EXIT = {"compatible": 0, "incompatible": 1, "conditional": 2, "unknown": 3}
passed = 0
failed = 0


def run(*arguments, text=None):
    return subprocess.run([EXECUTABLE, *arguments, "--json"], input=text, capture_output=True, text=True, timeout=60)


def check(name, holds, message):
    global passed, failed
    passed, failed = (passed + 1, failed) if holds else (passed, failed + 1)
    if not holds:
        print(f"{name}: {message}")


def rows(folder):
    with open(os.path.join(FIXTURES, folder, "expected.tsv"), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]


def reports():
    names = {name[:-4] for name in os.listdir(os.path.join(FIXTURES, "reports")) if name.endswith(".txt")}
    table = rows("reports")
    check("reports", names == {row[0] for row in table}, f"expected.tsv differs from the folder: {names ^ {row[0] for row in table}}")
    for name, verdict, rule, doctor in table:
        path = os.path.join(FIXTURES, "reports", name + ".txt")
        answer = run("query", "--target", path)
        said = json.loads(answer.stdout)
        check(name, (said["verdict"], said["rule"]) == (verdict, rule), f"query says {said['verdict']} {said['rule']}, expected {verdict} {rule}")
        check(name, answer.returncode == EXIT[said["verdict"]], f"exit {answer.returncode}")
        with open(path[:-4] + ".json", encoding="utf-8") as file:
            host = json.load(file)
        host = host[0] if isinstance(host, list) else host
        for key in ("os", "platform", "kernel_driver", "cuda_driver", "available"):
            if host.get(key) and not said.get("hosts"):
                check(name, said["target"][key] == host[key], f"target.{key} is {said['target'][key]}, expected {host[key]}")
        examined = json.loads(run("doctor", "--target", path).stdout)
        check(name, examined["rule"] == doctor, f"doctor says {examined['rule']}, expected {doctor}: {examined['summary']}")
        beside = [step["detail"] for step in examined["steps"] if "Nothing that is known" in step["detail"] and examined["rule"] != "works-by-facts-but-fails"]
        check(name, not beside, f"doctor says beside {examined['rule']}: {beside}")
        check(name, len(examined["findings"]) <= 1, f"doctor names {[finding['rule'] for finding in examined['findings']]}")


def logs():
    for name, line, rule, cls, others in rows("logs"):
        answer = run("explain", os.path.join(FIXTURES, "logs", name + ".log"))
        said = json.loads(answer.stdout)
        if rule == "none":
            check(name, answer.returncode == 3 and not said["findings"], f"something was recognised: {said['rule']}")
            continue
        wanted = (None if rule == "-" else rule, cls)
        check(name, (said["rule"], said["class"]) == wanted, f"explain says {said['rule']} {said['class']}, expected {wanted}")
        check(name, answer.returncode == 0 and str(said["findings"][0]["line"]) == line, f"line {said['findings'][0]['line']}, expected {line}")
        for remedy in said["findings"][0]["remedies"]:
            driver = remedy["changes"] == ["driver"] and cls in ("library", "package", "build", "memory", "program")
            check(name, not driver, f"a driver is advised: {remedy['title']}")


MIXES = []


def mix(function):
    MIXES.append(function)
    return function


def rec(name):
    return json.loads(run("device", "--root", os.path.join(FIXTURES, "hosts", name)).stdout)


def drop(r, *keys):
    r['sightings'] = [s for s in r['sightings'] if not any((s['key'] == k or (k.endswith('*') and s['key'].startswith(k[:-1])) for k in keys))]


def see(r, k, v='', w='x'):
    r['sightings'].append({'key': k, 'value': v, 'found': True, 'where': w})


def miss(r, k, w='x'):
    r['sightings'].append({'key': k, 'value': '', 'found': False, 'where': w})


def change(r, value, *keys):
    """Another value for what was seen under these keys."""
    for s in r['sightings']:
        if s['key'] in keys:
            s['value'] = value


def old_driver(r, version, cuda, number):
    """The machine with another driver: its modules, its libraries and the CUDA that it reports."""
    change(r, number, 'libcuda.version')
    for l in r['libraries']:
        l['version'] = version
    r['kernel_driver'] = version
    r['cuda_driver'] = cuda


def old_two(r):
    """Two cards under branch 470, which drives Kepler too, with a build that it runs."""
    old_driver(r, '470.256.02', '11.4', '11040')
    change(r, '470.256.02', 'proc.driver.nvidia', 'libcuda', 'libnvidia-ml', 'module.nvidia.version')
    for p in r['packages']:
        if p['package'] == 'torch':
            p.update(text='2.6.0+cu118', tag='cu118', cuda='11.8')
    r['packages'] = [p for p in r['packages'] if not p['package'].startswith('nvidia')]
    drop(r, 'requires*')
    r['gpus'][0].update(gpu='NVIDIA GeForce RTX 3090', compute_capability='8.6', pci_id='10de:2204')
    return r


def unload(r):
    drop(r, 'module.nvidia*', 'proc.driver.nvidia', 'proc.gpu', 'dev.*', 'libcuda.init*', 'libcuda.count', 'libcuda.version', 'libcuda.status', 'nvml.*', 'visible.total', 'pci.driver')
    miss(r, 'module.nvidia')
    miss(r, 'proc.driver.nvidia', '/proc/driver/nvidia/version')
    miss(r, 'dev.nvidiactl', '/dev/nvidiactl')
    see(r, 'pci.driver', 'none', '/sys/bus/pci/devices/0000:01:00.0')
    see(r, 'module.nvidia.file', 'updates/dkms/nvidia.ko')
    r['kernel_driver'] = ''
    r['cuda_driver'] = ''
    for g in r['gpus']:
        for k in ('memory_mib', 'memory_free_mib', 'compute_mode', 'compute_capability', 'kernel_driver'):
            g.pop(k, None)
        g['gpu'] = ''


def cpu(r):
    for p in r['packages']:
        if p['package'] == 'torch':
            p.update(text='2.6.0+cpu', tag='cpu', cuda='none')
    r['packages'] = [p for p in r['packages'] if not p['package'].startswith('nvidia')]
    drop(r, 'requires*')


@mix
def nouveau_no_driver():
    r = rec('driver-not-installed')
    drop(r, 'pci.driver', 'module.nouveau')
    see(r, 'pci.driver', 'nouveau')
    see(r, 'module.nouveau', 'Live')
    see(r, 'module.nouveau.users', '4')
    return (r, 'driver-not-installed', 1)


@mix
def container_old_driver():
    r = rec('container-requires-newer-driver')
    change(r, 'cuda>=12.4 brand=tesla,driver>=470,driver<471 brand=tesla,driver>=525,driver<526', 'env.NVIDIA_REQUIRE_CUDA')
    change(r, '470.256.02', 'proc.driver.nvidia', 'libcuda', 'libnvidia-ml', 'module.nvidia.version')
    old_driver(r, '470.256.02', '11.4', '11040')
    r['gpus'][0].update(gpu='NVIDIA A100-SXM4-40GB', compute_capability='8.0', pci_id='10de:20b0')
    o = rec('native-image')
    r['packages'] = [dict(p, env='/usr', python='3.12') for p in o['packages'] if p['package'] == 'torch']
    return (r, 'driver-too-old', 1)


@mix
def wrong_python_cpu_only():
    r = rec('wrong-python')
    cpu(r)
    return (r, 'wrong-python', 1, {'python': None}, ['no framework'], {'cpu-only-build': 'with CUDA code'})


@mix
def not_loaded_and_cpu_only():
    r = rec('native-image')
    unload(r)
    cpu(r)
    r['packages'] = [p for p in r['packages'] if p['package'] != 'torchvision']
    return (r, 'driver-not-loaded', 2)


@mix
def hidden_and_too_old():
    r = rec('driver-too-old')
    drop(r, 'libcuda.init*', 'libcuda.count')
    see(r, 'env.CUDA_VISIBLE_DEVICES', '7')
    see(r, 'visible.count', '0')
    see(r, 'visible.refused', '7')
    see(r, 'libcuda.init', '100')
    return (r, 'device-hidden', 2)


@mix
def colab_too_old():
    r = rec('native-image-colab')
    for s in r['sightings']:
        if s['value'] == '550.54.15':
            s['value'] = '460.32.03'
    old_driver(r, '460.32.03', '11.2', '11020')
    return (r, 'driver-too-old', 1)


@mix
def jetson_cpu_torch():
    r = rec('native-image-jetson')
    r['python'] = [{'version': '3.10', 'path': '/usr/bin/python3', 'active': True, 'env': '/usr', 'kind': 'system'}]
    r['packages'] = [{'package': 'torch', 'version': '2.5.1', 'tag': 'cpu', 'text': '2.5.1', 'python': '3.10', 'cuda': 'none', 'env': '/usr', 'where': '/usr/lib/python3/dist-packages/torch'}]
    return (r, 'cpu-only-build', 1)


@mix
def jetson_l4t_only():
    r = rec('native-image-jetson')
    r.pop('jetpack')
    return (r, 'target-consistent', 0)


@mix
def blackwell_550_no_log():
    r = rec('gpu-needs-newer-driver')
    r.pop('errors')
    drop(r, 'log.kernel')
    return (r, 'gpu-needs-newer-driver', 1)


@mix
def secure_boot_unknown():
    r = rec('native-image')
    unload(r)
    drop(r, 'secure-boot', 'log.kernel')
    see(r, 'secure-boot', 'on')
    return (r, 'driver-not-loaded', 1)


def left_out(r, pci, kernel_driver):
    """The second of two cards, as the bus shows it and the driver does not."""
    old = r['gpus'][1]['pci_id']
    r['gpus'][1].clear()
    r['gpus'][1].update(gpu='', pci_id=pci, count=1, bus_id='0000:02:00.0', kernel_driver=kernel_driver, where='/sys/bus/pci/devices/0000:02:00.0')
    if not kernel_driver:
        r['sightings'] = [s for s in r['sightings'] if not (s['key'] == 'proc.gpu' and '1060' in s['value'])]
    for s in r['sightings']:
        if s['key'] == 'pci.nvidia' and s['value'] == old:
            s['value'] = pci
    change(r, '1', 'nvml.count', 'libcuda.count', 'visible.total')
    return r


@mix
def two_cards_one_dropped():
    r = left_out(rec('native-image-two-cards'), '10de:128b', '')
    return (r, 'gpu-dropped-by-driver', 1, {'cards': None, 'init': '-', 'images': '-'}, ['GeForce GT 710', '0000:02:00.0', '470', 'NVIDIA GeForce RTX 4090 works'], {}, ['Leave it as it is'], ['Or leave'])


@mix
def three_cards_two_left_out():
    r = left_out(rec('native-image-two-cards'), '10de:128b', '')
    r['gpus'].append(dict(r['gpus'][1], pci_id='10de:1c03', bus_id='0000:03:00.0', kernel_driver='nvidia', where='/sys/bus/pci/devices/0000:03:00.0'))
    return (r, 'gpu-init-failed', 1, {'cards': None}, ['GT 710', 'GTX 1060', 'Left out as well', 'RTX 4090 works'])


@mix
def two_cards_one_too_new():
    r = left_out(rec('native-image-two-cards'), '10de:2b85', '')
    return (r, 'gpu-needs-newer-driver', 1, {'cards': None}, ['RTX 4090 works'], {'gpu-needs-newer-driver': 'Install driver 570.86.16'})


@mix
def two_cards_one_too_new_by_name():
    r = left_out(rec('native-image-two-cards'), '10de:2b85', '')
    return (r, 'gpu-needs-newer-driver', 1, {'cards': None}, ['GeForce RTX 5090', '570', 'NVIDIA GeForce RTX 4090 works'])


@mix
def not_loaded_and_too_old():
    r = rec('driver-not-loaded')
    r['gpus'][0]['pci_id'] = '10de:1e04'
    change(r, '10de:1e04', 'pci.nvidia')
    for l in r['libraries']:
        l['version'] = '470.256.02'
    for s in r['sightings']:
        if s['value'].startswith('550.120'):
            s['value'] = '470.256.02'
    return (r, 'driver-not-loaded', 1, {'driver-runtime': '-'}, ['headers are missing'], {'driver-too-old': '525.60.13'})


@mix
def two_cards_one_does_not_start():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nvidia')
    return (r, 'gpu-init-failed', 1, {'cards': None, 'init': '-'}, ['GeForce GTX 1060', '0000:02:00.0', '1 of 2', 'NVIDIA GeForce RTX 4090 works'])


@mix
def two_cards_one_does_not_start_and_the_log_says_why():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nvidia')
    r['errors'] = [{'line': 1, 'text': 'NVRM: Xid (PCI:0000:02:00): 79, pid=0, GPU has fallen off the bus.', 'where': 'kernel log'}, {'line': 2, 'text': 'NVRM: GPU 0000:02:00.0: RmInitAdapter failed! (0x62:0x65:1792)', 'where': 'kernel log'}]
    return (r, 'gpu-lost', 1, {'cards': None}, ['Xid (PCI:0000:02:00): 79', 'RTX 4090 works'])


@mix
def two_cards_one_dead_and_cuda_with_it():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nvidia')
    drop(r, 'libcuda.init*', 'libcuda.count')
    see(r, 'libcuda.init', '101')
    return (r, 'gpu-init-failed', 1, {'cards': None, 'init': 'cards'}, ['RTX 4090 answers'])


@mix
def two_cards_one_on_nouveau():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nouveau')
    return (r, 'nouveau-holds-gpu', 1, {'cards': None}, ['nouveau', 'NVIDIA GeForce RTX 4090 works'])


@mix
def two_cards_one_for_a_virtual_machine():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'vfio-pci')
    return (r, 'native-image', 0, {'cards': '-'})


@mix
def two_cards_one_given_to_the_job():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nvidia')
    see(r, 'scheduler', 'slurm', 'SLURM_JOB_ID')
    return (r, 'native-image', 0, {'cards': '-'})


def one_lost(*seen):
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nvidia')
    see(r, 'nvml.gpu.code', '15')
    see(r, *seen)
    return r


@mix
def two_cards_one_lost_in_a_job():
    return (one_lost('scheduler', 'slurm', 'SLURM_JOB_ID'), 'gpu-lost', 1, {'cards': None, 'card-starts': '-', 'init': '-'}, ['one of the cards', 'RTX 4090 answers'])


@mix
def two_cards_one_lost_in_a_container():
    return (one_lost('container', 'docker', '/.dockerenv'), 'gpu-lost', 1, {'cards': None, 'card-starts': '-', 'init': '-'}, ['one of the cards', 'RTX 4090 answers'])


def visible(r, value, count, **more):
    see(r, 'env.CUDA_VISIBLE_DEVICES', value, 'environment')
    see(r, 'visible.count', count)
    for key, seen in more.items():
        see(r, 'visible.' + key, seen)
    if count == '0':
        put(r, 'libcuda.init', '100')
        drop(r, 'libcuda.count')
    return r


@mix
def one_card_named_twice():
    return (visible(rec('native-image-two-cards'), '0,0', '0', refused='', repeated='0'), 'device-hidden', 1, {'visible': None, 'init': 'visible'}, ['card 0 twice', 'no card at all'])


@mix
def list_cut_at_its_first_entry():
    return (visible(rec('native-image-two-cards'), '5,0', '0', refused='5', lost='1'), 'device-hidden', 1, {'visible': None}, ['"5" names no card', 'programs get no card; the list names 1 behind that'])


@mix
def list_cut_in_the_middle():
    return (visible(rec('native-image-two-cards'), '0,5,1', '1', refused='5', lost='1'), 'device-hidden', 1, {'visible': None, 'init': '-'}, ['"5" names no card', '1 of the 2'])


def programs():
    """What doctor alone asks for is no fault of a program: it gets the other cards."""
    for function, verdict in (list_cut_in_the_middle, 'compatible'), (two_cards_one_lost_in_a_job, 'compatible'), (list_cut_at_its_first_entry, 'incompatible'):
        answer = run("query", "--target", "-", text=json.dumps(function()[0]))
        said = json.loads(answer.stdout)
        check(function.__name__, said["verdict"] == verdict and answer.returncode == EXIT[verdict], f"query says {said['verdict']} {said['rule']}, expected {verdict}: {said['summary']}")


@mix
def list_too_long_for_this_machine():
    return (visible(rec('native-image-two-cards'), '0,1,2,3', '2', refused='2'), 'native-image', 0, {'visible': '-'})


@mix
def slurm_no_devices():
    r = rec('device-hidden-minus-one')
    change(r, 'NoDevFiles', 'env.CUDA_VISIBLE_DEVICES', 'visible.refused')
    see(r, 'scheduler', 'slurm', 'SLURM_JOB_ID')
    return (r, 'device-hidden', 1)


@mix
def wsl_cpu_torch():
    r = rec('native-image-wsl')
    cpu(r)
    return (r, 'cpu-only-build', 1)


@mix
def wsl_docker_no_gpus():
    r = rec('wsl-no-gpu')
    drop(r, 'wsl.lib', 'wsl.libcuda')
    see(r, 'container', 'docker', '/.dockerenv')
    miss(r, 'container.mount')
    r['platform'] = 'container'
    return (r, 'driver-not-visible-in-container', 1)


@mix
def conda_base_active():
    r = rec('wrong-python')
    for p in r['python']:
        if p['active']:
            p.update(path='/home/user/miniconda3/bin/python', env='/home/user/miniconda3', kind='conda')
        elif p['kind'] == 'venv':
            p.update(path='/home/user/miniconda3/envs/ml/bin/python', env='/home/user/miniconda3/envs/ml', kind='conda')
    for p in r['packages']:
        p['env'] = '/home/user/miniconda3/envs/ml'
    return (r, 'wrong-python', 1)


@mix
def tf_no_cudnn():
    r = rec('framework-not-installed')
    e = [p for p in r['python'] if p['active']][0]['env']
    r['packages'] = [{'package': 'tensorflow', 'version': '2.16.1', 'tag': '', 'text': '2.16.1', 'python': '3.11', 'env': e, 'where': e + '/lib/python3.11/site-packages/tensorflow-2.16.1.dist-info'}]
    return (r, 'library-missing', 1)


@mix
def amd_apu_driver_installed():
    r = rec('no-gpu')
    for s in r['sightings']:
        if s['key'] == 'pci.display.other':
            s['value'] = '1002:164e'
        if s['key'] == 'libcuda':
            s.update(found=True, value='550.120')
    see(r, 'libcuda.kind', 'system')
    return (r, 'no-gpu', 1)


@mix
def vm_uvm():
    r = rec('uvm-not-ready')
    r['platform'] = 'vm'
    see(r, 'vm', 'KVM')
    return (r, 'uvm-not-ready', 1)


@mix
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
    return (r, 'gpu-dropped-by-driver', 1)


@mix
def pascal_590_with_a_build_for_newer_cards():
    r = pascal_590()[0]
    host = rec('native-image')
    r.update({key: host[key] for key in host if key.startswith('python')})
    r['packages'] = [p for p in host['packages'] if p['package'] == 'torch']
    for p in r['packages']:
        p.update(version='2.8.0', text='2.8.0+cu128', tag='cu128', cuda='12.8')
    return (r, 'gpu-dropped-by-driver', 1, {}, [], {'no-kernel-image': 'Install torch 2.8.0+cu126'})


@mix
def torch_plus_onnx_cpu():
    r = rec('native-image')
    t = [p for p in r['packages'] if p['package'] == 'torch'][0]
    r['packages'].append(dict(t, package='onnxruntime', version='1.19.0', tag='cpu', text='1.19.0', cuda='none', where='x'))
    return (r, 'native-image', 0)


@mix
def torch_plus_tf_no_cudnn_conda():
    r = rec('native-image')
    t = [p for p in r['packages'] if p['package'] == 'torch'][0]
    r['packages'].append(dict(t, package='flash-attn', version='2.5.0', tag='', text='2.5.0', cuda='', where='x'))
    return (r, 'package-needs-newer-gpu', 1)


@mix
def custom_libcuda_only_ml():
    r = rec('driver-not-visible-in-container')
    drop(r, 'dev.*', 'container.mount', 'libnvidia-ml*')
    see(r, 'dev.nvidiactl', 'rw', '/dev/nvidiactl')
    see(r, 'container.mount', '', '/dev/nvidiactl')
    see(r, 'libnvidia-ml', '550.120')
    see(r, 'libnvidia-ml.kind', 'injected')
    see(r, 'env.NVIDIA_DRIVER_CAPABILITIES', 'utility')
    return (r, 'driver-not-visible-in-container', 1)


def put(r, k, v, w='x'):
    drop(r, k)
    see(r, k, v, w)


@mix
def memory_gone_before_init():
    r = rec('memory-exhausted')
    drop(r, 'libcuda.init*', 'libcuda.count')
    see(r, 'libcuda.init', '2', '/usr/lib/x86_64-linux-gnu/libcuda.so.1')
    for g in r['gpus']:
        g['memory_free_mib'] = 40
    return (r, None, 1, {'init': 'memory', 'memory': None})


@mix
def halves_differ_and_nvml_says_18():
    return (rec('driver-stack-mismatch'), 'driver-stack-mismatch', 1, {'card-starts': 'driver-halves', 'init': 'driver-halves'})


@mix
def lost_card_is_no_stale_uvm():
    r = rec('gpu-lost')
    put(r, 'libcuda.init', '999')
    return (r, 'gpu-lost', 1, {'uvm': '-'})


@mix
def closed_uvm_is_no_stale_uvm():
    r = rec('uvm-not-ready-after-suspend')
    put(r, 'dev.nvidia-uvm', 'none', '/dev/nvidia-uvm')
    return (r, 'device-permission', 1, {'uvm': '-', 'init': 'device-rights'})


@mix
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
    return (r, 'library-shadowed', 1, {'libcuda': None, 'init': 'libcuda'})


@mix
def container_on_host_without_module():
    r = rec('driver-not-visible-in-container')
    drop(r, 'module.nvidia*', 'proc.driver.nvidia', 'proc.gpu', 'dev.*', 'container.mount', 'pci.driver')
    miss(r, 'module.nvidia')
    miss(r, 'proc.driver.nvidia', '/proc/driver/nvidia/version')
    r['kernel_driver'] = ''
    return (r, 'driver-not-loaded', 1, {'driver-files': '-', 'module': None})


@mix
def runs_behind_the_gate():
    r = rec('container-requires-newer-driver')
    torch = [p for p in rec('native-image')['packages'] if p['package'] == 'torch']
    r['packages'] = [dict(p, env='/usr', python='3.12') for p in torch]
    return (r, 'native-image', 0, {'container-gate': '-'})


@mix
def hidden_card_is_not_judged():
    r = rec('native-image-two-cards')
    r['gpus'][1].update(gpu='NVIDIA GeForce GTX 680', compute_capability='3.0', pci_id='10de:1180')
    see(r, 'env.CUDA_VISIBLE_DEVICES', '0', 'environment')
    see(r, 'visible.gpu', r['gpus'][0]['bus_id'])
    return (r, 'native-image', 0)


def on(r, system):
    """The same machine with another distribution."""
    put(r, 'os.id', system, '/etc/os-release')
    return r


@mix
def no_driver_on_fedora():
    return (on(rec('driver-not-installed'), 'fedora'), 'driver-not-installed', 1, {}, [], {}, ['dnf install -y akmod-nvidia'], ['ubuntu', 'apt-get'])


@mix
def no_driver_on_arch():
    return (on(rec('driver-not-installed'), 'manjaro'), 'driver-not-installed', 1, {}, [], {}, ['pacman -S --needed nvidia-open'], ['ubuntu', 'apt-get'])


@mix
def no_driver_on_debian():
    return (on(rec('driver-not-installed'), 'debian'), 'driver-not-installed', 1, {}, [], {}, ['apt-get install -y nvidia-driver'], ['ubuntu'])


@mix
def no_driver_on_opensuse():
    return (on(rec('driver-not-installed'), 'opensuse-leap'), 'driver-not-installed', 1, {}, [], {}, ['zypper install -y nvidia-open'], ['ubuntu', 'apt-get'])


@mix
def too_old_on_rocky():
    return (on(rec('driver-too-old'), 'rocky'), 'driver-too-old', 1, {}, [], {}, ['dnf install -y nvidia-open', '525.60.13'], ['ubuntu', 'apt-get'])


@mix
def headers_missing_on_fedora():
    return (on(rec('driver-not-loaded'), 'fedora'), 'driver-not-loaded', 1, {}, [], {}, ['kernel-devel-$(uname -r)', 'akmods'], ['ubuntu', 'apt-get', 'dkms autoinstall'])


@mix
def nouveau_on_fedora():
    return (on(rec('nouveau-holds-gpu'), 'fedora'), 'nouveau-holds-gpu', 1, {}, [], {}, ['dracut --force'], ['update-initramfs', 'Debian'])


@mix
def secure_boot_on_fedora():
    return (on(rec('secure-boot-blocks-module'), 'fedora'), 'secure-boot-blocks-module', 1, {}, [], {}, ['/etc/pki/akmods/certs/public_key.der'], ['shim-signed', 'ubuntu'])


@mix
def secure_boot_on_opensuse():
    return (on(rec('secure-boot-blocks-module'), 'opensuse-leap'), 'secure-boot-blocks-module', 1, {}, [], {}, ['mokutil --import /var/lib/nvidia-pubkeys/*.der'], ['shim-signed', 'ubuntu', 'dkms'])


@mix
def headers_missing_on_opensuse():
    return (on(rec('driver-not-loaded'), 'opensuse-leap'), 'driver-not-loaded', 1, {}, [], {}, ['kernel-default-devel=$(uname -r', 'nvidia*-kmp-*'], ['ubuntu', 'apt-get', 'dkms autoinstall'])


@mix
def headers_come_with_the_driver_on_debian():
    return (on(rec('driver-not-installed'), 'parrot'), 'driver-not-installed', 1, {}, [], {}, ['firmware-misc-nonfree linux-headers-$(uname -r)', 'contrib, non-free and non-free-firmware'], ['ubuntu'])


@mix
def pod_without_a_card():
    r = rec('driver-not-visible-in-container')
    put(r, 'container', 'kubernetes', 'KUBERNETES_SERVICE_HOST')
    return (r, 'driver-not-visible-in-container', 1, {}, [], {}, ['nvidia.com/gpu: 1'], ['docker run', '--gpus', 'restart docker', 'compose'])


@mix
def podman_without_a_card():
    r = rec('driver-not-visible-in-container')
    put(r, 'container', 'podman', '/run/.containerenv')
    return (r, 'driver-not-visible-in-container', 1, {}, [], {}, ['podman run --rm --device nvidia.com/gpu=all --security-opt=label=disable', 'nvidia-ctk cdi generate'], ['docker run', '--gpus', 'restart docker', 'compose'])


@mix
def module_blacklisted():
    r = rec('native-image')
    unload(r)
    see(r, 'blacklist.nvidia', 'blacklist', '/etc/modprobe.d/no-gpu.conf')
    return (r, 'driver-not-loaded', 1, {}, ['/etc/modprobe.d/no-gpu.conf'], {}, ["'/etc/modprobe.d/no-gpu.conf'", 'sed -i'], ['headers', 'newer driver'])


@mix
def module_blacklisted_on_the_command_line():
    r = rec('native-image')
    unload(r)
    see(r, 'blacklist.nvidia', 'cmdline', '/proc/cmdline')
    return (r, 'driver-not-loaded', 1, {}, ['/proc/cmdline'], {}, ['update-grub'], ['headers', 'sed -i'])


def on_the_command_line(system):
    r = on(rec('native-image'), system)
    unload(r)
    see(r, 'blacklist.nvidia', 'cmdline', '/proc/cmdline')
    return r


@mix
def module_blacklisted_on_the_command_line_of_fedora():
    return (on_the_command_line('fedora'), 'driver-not-loaded', 1, {}, ['/proc/cmdline'], {}, ['grubby --update-kernel=ALL --remove-args='], ['update-grub', 'mkconfig', 'sudoedit', '/etc/default/grub'])


@mix
def module_blacklisted_on_the_command_line_of_rocky():
    return (on_the_command_line('rocky'), 'driver-not-loaded', 1, {}, ['/proc/cmdline'], {}, ['grubby --update-kernel=ALL --remove-args='], ['update-grub', 'mkconfig', 'sudoedit', '/etc/default/grub'])


@mix
def module_blacklisted_on_the_command_line_of_opensuse():
    return (on_the_command_line('opensuse-tumbleweed'), 'driver-not-loaded', 1, {}, ['/proc/cmdline'], {}, ['grub2-mkconfig -o /boot/grub2/grub.cfg', 'sudoedit /etc/default/grub'], ['update-grub', 'grubby'])


@mix
def module_switched_off_by_an_alias():
    r = rec('native-image')
    unload(r)
    see(r, 'blacklist.nvidia', 'blacklist', '/lib/modprobe.d/blacklist-nvidia.conf')
    return (r, 'driver-not-loaded', 1, {}, ['/lib/modprobe.d/blacklist-nvidia.conf'], {}, ['sudo prime-select nvidia', 'alias[[:space:]]+nvidia'], ['headers', 'newer driver'])


@mix
def module_built_for_another_kernel():
    r = rec('driver-not-loaded')
    drop(r, 'dkms*', 'module.nvidia.file')
    miss(r, 'module.nvidia.file')
    see(r, 'dkms', 'added', '/var/lib/dkms/nvidia/550.120')
    see(r, 'dkms.kernel', '6.8.0-45-generic', '/var/lib/dkms/nvidia/550.120')
    return (r, 'driver-not-loaded', 1, {}, ['for kernel 6.8.0-45-generic and not for the running one'], {}, ['Start the kernel 6.8.0-45-generic', 'dkms autoinstall'], ['modprobe.d'])


@mix
def card_for_a_virtual_machine():
    r = rec('driver-not-loaded')
    change(r, 'vfio-pci', 'pci.driver')
    r['gpus'][0]['kernel_driver'] = 'vfio-pci'
    return (r, 'no-gpu', 1, {}, ['vfio-pci'], {}, ['kept by vfio-pci', '/etc/modprobe.d'], ['plugged in', 'update-initramfs', 'sudo reboot'])


@mix
def jetson_without_rights():
    r = rec('native-image-jetson')
    for key in ('dev.nvmap', 'dev.nvhost-ctrl-gpu'):
        put(r, key, 'none', '/dev/' + key[4:])
    drop(r, 'libcuda.init*', 'libcuda.count')
    see(r, 'libcuda.init', '999')
    return (r, 'device-permission', 1, {}, ['/dev/nv'], {}, ['usermod -aG video,render'], [])


@mix
def one_card_of_two_without_image():
    r = rec('native-image-two-cards')
    r['gpus'][1].update(gpu='NVIDIA GeForce GTX 680', compute_capability='3.0', pci_id='10de:1180')
    r['kernel_driver'] = '470.256.02'
    return (old_two(r), 'no-kernel-image', 1, {}, ['GTX 680'], {}, ['CUDA_DEVICE_ORDER=PCI_BUS_ID', 'CUDA_VISIBLE_DEVICES=0'], ['CUDA_VISIBLE_DEVICES=-1'])


@mix
def several_wheels_missing():
    r = rec('library-missing')
    missing = [s for s in r['sightings'] if s['key'].startswith('requires.torch') and not s['found']]
    for name in ('nvidia-cufft-cu12==11.2.1.3', 'nvidia-cusolver-cu12==11.6.1.9'):
        r['sightings'].append(dict(missing[0], value=name))
    return (r, 'library-missing', 1, {}, ['nvidia-cufft-cu12', 'nvidia-cusolver-cu12'], {}, ['"nvidia-cufft-cu12==11.2.1.3" "nvidia-cusolver-cu12==11.6.1.9"'], [])


@mix
def requirement_that_is_a_command():
    r = rec('library-missing')
    missing = [s for s in r['sightings'] if s['key'].startswith('requires.torch') and not s['found']]
    for s in missing:
        s['value'] = 'nvidia-cudnn-cu12==9.1$(id)'
    return (r, 'library-missing', 1, {}, ['nvidia-cudnn-cu12'], {}, [], ['pip install \\"nvidia', '"nvidia-cudnn-cu12==9.1$(id)"'])


@mix
def file_name_that_is_a_command():
    r = module_blacklisted()[0]
    put(r, 'blacklist.nvidia', 'blacklist', "/lib/modprobe.d/a'; touch pwned; '.conf")
    return (r, 'driver-not-loaded', 1, {}, [], {}, [], ['sed -i.bak', "grep -n nvidia"])


@mix
def tf_with_cudnn_alone():
    r = tf_no_cudnn()[0]
    tf = r['packages'][0]
    r['packages'].append(dict(tf, package='nvidia-cudnn-cu12', version='8.9.7.29', text='8.9.7.29', where=tf['where'].replace('tensorflow-2.16.1', 'nvidia_cudnn_cu12-8.9.7.29')))
    return (r, 'library-missing', 1, {'libraries': None}, ['cublas', 'cudart', 'cufft', 'cusolver', 'cusparse'], {}, ['tensorflow[and-cuda]==2.16.1'], [])


@mix
def tf_with_all_its_libraries():
    r = tf_with_cudnn_alone()[0]
    cudnn = r['packages'][-1]
    for name in ('cublas', 'cuda-runtime', 'cufft', 'cusolver', 'cusparse'):
        r['packages'].append(dict(cudnn, package=f'nvidia-{name}-cu12', version='12.3.4.1', text='12.3.4.1', where=cudnn['where'].replace('cudnn', name)))
    return (r, 'native-image', 0, {'libraries': '-'})


@mix
def tf_without_the_runtime():
    r = tf_with_all_its_libraries()[0]
    r['packages'] = [p for p in r['packages'] if p['package'] != 'nvidia-cuda-runtime-cu12']
    return (r, 'library-missing', 1, {'libraries': None}, ['opens cudart when it starts, and that library is not here'], {}, ['tensorflow[and-cuda]==2.16.1'], [])


@mix
def flavour_of_a_pascal():
    r = rec('kernel-module-flavour')
    old = r['gpus'][0]['pci_id']
    r['gpus'][0]['pci_id'] = '10de:1b80'
    for s in r['sightings']:
        s['value'] = '10de:1b80' if s['value'] == old else s['value']
    r['module_flavour'] = 'open'
    change(r, 'open', 'module.nvidia.flavour')
    return (r, 'kernel-module-flavour', 1, {}, ['needs the proprietary kernel modules'])


@mix
def driver_missing_on_a_system_without_words():
    return (on(rec('driver-not-installed'), 'nixos'), 'driver-not-installed', 1, {}, [], {'driver-not-installed': 'Install the driver'}, [], ['buntu', 'apt-get', 'akmod'])


def old_cards():
    """No system's command brings a card before Turing the newest branch or the open modules."""
    for function in pascal_590_with_a_build_for_newer_cards, flavour_of_a_pascal:
        for system, command in ('arch', None), ('fedora', 'akmod-nvidia-580xx'), ('rocky', None), ('opensuse-leap', None), ('debian', None):
            said = json.loads(run("doctor", "--target", "-", text=json.dumps(on(function()[0], system))).stdout)
            remedies = [remedy for finding in said["findings"] + said["later"] for remedy in finding["remedies"]]
            commands = [line for remedy in remedies for line in remedy["commands"]]
            check(f"{function.__name__} on {system}", any(remedy["changes"] == ["driver"] for remedy in remedies), "no driver is advised")
            for line in commands:
                newest = any(word in line.split() for word in ("nvidia-open", "nvidia-open-dkms", "akmod-nvidia", "nvidia-driver", "ubuntu-drivers"))
                check(f"{function.__name__} on {system}", not newest, f"the newest branch is advised: {line}")
            check(f"{function.__name__} on {system}", command is None or command in str(commands), f"no {command}: {commands}")


def mixes():
    for function in MIXES:
        machine, rule, causes, *checks = function()
        answer = run("doctor", "--target", "-", text=json.dumps(machine))
        said = json.loads(answer.stdout)
        found = [finding["rule"] for finding in said["findings"]]
        check(function.__name__, said["rule"] == rule, f"doctor says {said['rule']}, expected {rule}: {said['summary']}")
        check(function.__name__, len(found) == causes, f"causes {found}, expected {causes}")
        for words in checks[1] if len(checks) > 1 else []:
            check(function.__name__, words in said["summary"], f"the answer does not say {words!r}: {said['summary']}")
        printed = str([(remedy["title"], remedy["commands"], remedy["risk"]) for remedy in said["remedies"]]).replace("\\'", "'")
        for words in checks[3] if len(checks) > 3 else []:  # words that the remedies must hold, and those that they must not
            check(function.__name__, words in printed, f"no remedy says {words!r}: {printed}")
        for words in checks[4] if len(checks) > 4 else []:
            check(function.__name__, words not in printed, f"a remedy says {words!r}: {printed}")
        for rule, words in (checks[2] if len(checks) > 2 else {}).items():  # what is advised for it, as a cause or for later
            advised = [remedy["title"] for finding in said["findings"] + said["later"] if finding["rule"] == rule for remedy in finding["remedies"]]
            check(function.__name__, any(words in title for title in advised), f"no remedy of {rule} says {words!r}: {advised}")
        for name, follows in (checks[0] if checks else {}).items():  # the check it follows from; None: it is a cause; "-": it did not fail
            step = [each for each in said["steps"] if each["check"] == name][0]
            is_so = step["status"] != "failed" if follows == "-" else step["status"] == "failed" and step["follows"] == follows
            check(function.__name__, is_so, f"check {name} is {step['status']} and follows {step['follows']}, expected {follows}")
        hosted = machine["platform"] == "hosted" or machine["arch"] == "tegra"
        for finding in said["findings"]:
            check(function.__name__, bool(finding["remedies"]), "no remedy")
            for remedy in finding["remedies"]:
                check(function.__name__, not (hosted and remedy["changes"] == ["driver"]), f"a driver is advised: {remedy['title']}")


@mix
def card_dropped_and_no_build_for_it():
    return (rec('gpu-dropped-by-driver'), 'gpu-dropped-by-driver', 1, {}, ['470'], {'gpu-dropped-by-driver': 'Install driver branch 470'}, [], ['570'])


@mix
def new_card_old_driver_and_old_build():
    r = rec('gpu-needs-newer-driver')
    for p in r['packages']:
        if p['package'] == 'torch':
            p.update(version='2.6.0', text='2.6.0+cu124', tag='cu124', cuda='12.4')
    r['packages'] = [p for p in r['packages'] if not p['package'].startswith('nvidia')]
    drop(r, 'requires*')
    return (r, 'gpu-needs-newer-driver', 1, {}, ['570'], {'gpu-needs-newer-driver': 'Install driver 570.86.16', 'no-kernel-image': 'torch'}, [], [])


def stated():
    """A card and a driver that are stated are judged, and not the machine's own."""
    def ask(host, *flags):
        return json.loads(run("doctor", "--root", os.path.join(FIXTURES, "hosts", host), *flags).stdout)

    for host, flags, rule in (("native-image", ("--gpu", "GTX 760", "--driver", "550.54.14"), "gpu-dropped-by-driver"),
                              ("gpu-init-failed", ("--gpu", "RTX 4090", "--driver", "550.54.14"), "target-consistent"),
                              ("gpu-dropped-by-driver", ("--gpu", "RTX 4090", "--driver", "550.54.14"), "native-image"),
                              ("framework-not-installed", ("--gpu", "RTX 4090", "--driver", "550.54.14"), "target-consistent"),
                              ("native-image", ("--driver", "450.80.02"), "driver-too-old")):
        said = ask(host, *flags)
        check(f"{host} {flags}", said["rule"] == rule, f"doctor says {said['rule']}, expected {rule}: {said['summary']}")
        for step in said["steps"]:
            by_hand = step["check"] in ("card", "module", "init", "memory", "card-starts", "device-files", "uvm")
            check(f"{host} {flags}", not by_hand or step["status"] == "skipped", f"check {step['check']} is {step['status']}: {step['detail']}")
    text = "$ nvidia-smi\nNVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n$ pip freeze\ntorch==2.6.0+cu124\n"
    said = json.loads(run("doctor", "--target", "-", "--gpu", "RTX 4090", "--driver", "550.54.14", text=text).stdout)
    check("stated pair and a report of a fault", said["rule"] == "native-image", f"doctor says {said['rule']}: {said['summary']}")
    said = ask("no-gpu", "--driver", "550.54.14")
    check("a driver and no card", (said["verdict"], said["rule"]) == ("unknown", "unknown-gpu"), f"doctor says {said['verdict']} {said['rule']}: {said['summary']}")
    said = json.loads(run("doctor", "--gpu", "RTX 4090", "--driver", "550.54.14").stdout)
    check("stated pair alone", said["steps"][0]["detail"] == "the card or the driver is stated by hand", said["steps"][0]["detail"])
    check("stated pair alone", "RTX 4090" in str(said["steps"]), "the card that was stated is not named")


def closed_root():
    """A folder that this user may not read is bad input; root may read any, so another user asks."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o000)
        become = (lambda: os.setuid(65534)) if os.getuid() == 0 else None
        for command in (["doctor"], ["device"], ["query"]):
            answer = subprocess.run([EXECUTABLE, *command, "--root", folder], capture_output=True, text=True, timeout=60, preexec_fn=become)
            check(f"{command[0]} on a closed folder", answer.returncode == 65 and not answer.stdout, f"exit {answer.returncode}: {answer.stdout}{answer.stderr}")
        os.chmod(folder, 0o700)


reports()
logs()
mixes()
old_cards()
programs()
stated()
closed_root()
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
