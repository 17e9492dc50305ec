"""Mixes of packages: frameworks, their libraries, the Python that runs them."""
from recorded import drop, mix, old_driver, rec, see, unload


def cpu(r):
    for p in r['packages']:
        if p['package'] == 'torch':
            p.update(text='2.6.0+cpu', tag='cpu', cuda='none')
    r['packages'] = [p for p in r['packages'] if not p['package'].startswith('nvidia')]
    drop(r, 'requires*')


@mix('wrong-python', checks={'python': None}, says=['no framework'], advised={'cpu-only-build': 'with CUDA code'})
def wrong_python_cpu_only():
    r = rec('wrong-python')
    cpu(r)
    return r


@mix('driver-not-loaded', causes=2)
def not_loaded_and_cpu_only():
    r = rec('native-image')
    unload(r)
    cpu(r)
    r['packages'] = [p for p in r['packages'] if p['package'] != 'torchvision']
    return r


@mix('device-hidden', causes=2)
def hidden_and_too_old():
    r = rec('driver-too-old')
    drop(r, 'libcuda.init*', 'libcuda.count')
    see(r, 'env.CUDA_VISIBLE_DEVICES', '7')
    see(r, 'visible.count', '0')
    see(r, 'visible.refused', '7')
    see(r, 'libcuda.init', '100')
    return r


@mix('driver-too-old')
def colab_too_old():
    r = rec('native-image-colab')
    for s in r['sightings']:
        if s['value'] == '550.54.15':
            s['value'] = '460.32.03'
    old_driver(r, '460.32.03', '11.2', '11020')
    return r


@mix('cpu-only-build')
def jetson_cpu_torch():
    r = rec('native-image-jetson')
    r['python'] = [{'version': '3.10', 'path': '/usr/bin/python3', 'active': True, 'env': '/usr', 'kind': 'system'}]
    r['packages'] = [{'package': 'torch', 'version': '2.5.1', 'tag': 'cpu', 'text': '2.5.1', 'python': '3.10', 'cuda': 'none', 'env': '/usr', 'where': '/usr/lib/python3/dist-packages/torch'}]
    return r


@mix('target-consistent', causes=0)
def jetson_l4t_only():
    r = rec('native-image-jetson')
    r.pop('jetpack')
    return r


@mix('cpu-only-build')
def wsl_cpu_torch():
    r = rec('native-image-wsl')
    cpu(r)
    return r


@mix('wrong-python')
def conda_base_active():
    r = rec('wrong-python')
    for p in r['python']:
        if p['active']:
            p.update(path='/home/user/miniconda3/bin/python', env='/home/user/miniconda3', kind='conda')
        elif p['kind'] == 'venv':
            p.update(path='/home/user/miniconda3/envs/ml/bin/python', env='/home/user/miniconda3/envs/ml', kind='conda')
    for p in r['packages']:
        p['env'] = '/home/user/miniconda3/envs/ml'
    return r


@mix('library-missing')
def tf_no_cudnn():
    r = rec('framework-not-installed')
    e = [p for p in r['python'] if p['active']][0]['env']
    r['packages'] = [{'package': 'tensorflow', 'version': '2.16.1', 'tag': '', 'text': '2.16.1', 'python': '3.11', 'env': e, 'where': e + '/lib/python3.11/site-packages/tensorflow-2.16.1.dist-info'}]
    return r


@mix('native-image', causes=0)
def torch_plus_onnx_cpu():
    r = rec('native-image')
    t = [p for p in r['packages'] if p['package'] == 'torch'][0]
    r['packages'].append(dict(t, package='onnxruntime', version='1.19.0', tag='cpu', text='1.19.0', cuda='none', where='x'))
    return r


@mix('package-needs-newer-gpu')
def torch_plus_tf_no_cudnn_conda():
    r = rec('native-image')
    t = [p for p in r['packages'] if p['package'] == 'torch'][0]
    r['packages'].append(dict(t, package='flash-attn', version='2.5.0', tag='', text='2.5.0', cuda='', where='x'))
    return r


@mix('native-image', causes=0, checks={'container-gate': '-'})
def runs_behind_the_gate():
    r = rec('container-requires-newer-driver')
    torch = [p for p in rec('native-image')['packages'] if p['package'] == 'torch']
    r['packages'] = [dict(p, env='/usr', python='3.12') for p in torch]
    return r


@mix('library-missing', says=['nvidia-cufft-cu12', 'nvidia-cusolver-cu12'], remedies=['"nvidia-cufft-cu12==11.2.1.3" "nvidia-cusolver-cu12==11.6.1.9"'])
def several_wheels_missing():
    r = rec('library-missing')
    missing = [s for s in r['sightings'] if s['key'].startswith('requires.torch') and not s['found']]
    for name in ('nvidia-cufft-cu12==11.2.1.3', 'nvidia-cusolver-cu12==11.6.1.9'):
        r['sightings'].append(dict(missing[0], value=name))
    return r


@mix('library-missing', says=['nvidia-cudnn-cu12'], no_remedies=['pip install \\"nvidia', '"nvidia-cudnn-cu12==9.1$(id)"'])
def requirement_that_is_a_command():
    r = rec('library-missing')
    missing = [s for s in r['sightings'] if s['key'].startswith('requires.torch') and not s['found']]
    for s in missing:
        s['value'] = 'nvidia-cudnn-cu12==9.1$(id)'
    return r


@mix('library-missing', checks={'libraries': None}, says=['cublas', 'cudart', 'cufft', 'cusolver', 'cusparse'], remedies=['tensorflow[and-cuda]==2.16.1'])
def tf_with_cudnn_alone():
    r = tf_no_cudnn()
    tf = r['packages'][0]
    r['packages'].append(dict(tf, package='nvidia-cudnn-cu12', version='8.9.7.29', text='8.9.7.29', where=tf['where'].replace('tensorflow-2.16.1', 'nvidia_cudnn_cu12-8.9.7.29')))
    return r


@mix('native-image', causes=0, checks={'libraries': '-'})
def tf_with_all_its_libraries():
    r = tf_with_cudnn_alone()
    cudnn = r['packages'][-1]
    for name in ('cublas', 'cuda-runtime', 'cufft', 'cusolver', 'cusparse'):
        r['packages'].append(dict(cudnn, package=f'nvidia-{name}-cu12', version='12.3.4.1', text='12.3.4.1', where=cudnn['where'].replace('cudnn', name)))
    return r


@mix('library-missing', checks={'libraries': None}, says=['opens cudart when it starts, and that library is not here'], remedies=['tensorflow[and-cuda]==2.16.1'])
def tf_without_the_runtime():
    r = tf_with_all_its_libraries()
    r['packages'] = [p for p in r['packages'] if p['package'] != 'nvidia-cuda-runtime-cu12']
    return r


# torch is what the answer is about, and it runs; what TensorFlow lacks is a caveat.
@mix('native-image', causes=0, says=['below 9.0, and 9.1.0.70 is there'])
def tf_beside_torch_with_a_newer_cudnn():
    r = rec('native-image')
    torch = [p for p in r['packages'] if p['package'] == 'torch'][0]
    for p in r['packages']:
        if p['package'] == 'nvidia-cudnn-cu12':
            p['version'] = p['text'] = '9.1.0.70'
    r['packages'].append(dict(torch, package='tensorflow', version='2.16.1', tag='', text='2.16.1', cuda='', where=torch['where'].replace(torch['where'].split('/')[-1], 'tensorflow-2.16.1.dist-info')))
    return r


@mix('gpu-dropped-by-driver', says=['470'], advised={'gpu-dropped-by-driver': 'Install driver branch 470'}, no_remedies=['570'])
def card_dropped_and_no_build_for_it():
    return rec('gpu-dropped-by-driver')


@mix('gpu-needs-newer-driver', says=['570'], advised={'gpu-needs-newer-driver': 'Install driver 570.86.16', 'no-kernel-image': 'torch'})
def new_card_old_driver_and_old_build():
    r = rec('gpu-needs-newer-driver')
    for p in r['packages']:
        if p['package'] == 'torch':
            p.update(version='2.6.0', text='2.6.0+cu124', tag='cu124', cuda='12.4')
    r['packages'] = [p for p in r['packages'] if not p['package'].startswith('nvidia')]
    drop(r, 'requires*')
    return r
