"""Recorded machines, how they are changed, and the mixes: each a changed machine with what doctor is to say of it."""
import json
import os
import subprocess
import sys

EXECUTABLE, FIXTURES = sys.argv[1:3]
MIXES = []


def run(*arguments, text=None):
    return subprocess.run([EXECUTABLE, *arguments, "--json"], input=text, capture_output=True, text=True, timeout=60)


def mix(rule, causes=1, checks=None, says=(), advised=None, remedies=(), no_remedies=(), name=None):
    """What doctor says of the machine that the function makes: the rule of the answer and how many causes.

    name:     of the mix, where it is not the function's
    checks:   {check: the check it follows from; None: it is a cause; "-": it did not fail}
    says:     words of the answer's summary or of its caveats
    advised:  {rule: words of a remedy's title, where that rule is a cause or for later}
    remedies, no_remedies: words that the answer's remedies hold, and that they do not
    """
    def add(function):
        MIXES.append((name or function.__name__, function, rule, causes, checks or {}, says, advised or {}, remedies, no_remedies))
        return function
    return add


def rec(name):
    return json.loads(run("device", "--root", os.path.join(FIXTURES, "hosts", name)).stdout)


def drop(r, *keys):
    r['sightings'] = [s for s in r['sightings'] if not any((s['key'] == k or (k.endswith('*') and s['key'].startswith(k[:-1])) for k in keys))]


def see(r, k, v='', w='x'):
    r['sightings'].append({'key': k, 'value': v, 'found': True, 'where': w})


def miss(r, k, w='x'):
    r['sightings'].append({'key': k, 'value': '', 'found': False, 'where': w})


def put(r, k, v, w='x'):
    drop(r, k)
    see(r, k, v, w)


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


def on(r, system):
    """The same machine with another distribution."""
    put(r, 'os.id', system, '/etc/os-release')
    return r
