"""Mixes of cards: one of several left out, hidden, lost, or not a card of NVIDIA."""
from recorded import change, drop, mix, old_driver, put, rec, see


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


@mix('gpu-dropped-by-driver', checks={'cards': None, 'init': '-', 'images': '-'}, says=['GeForce GT 710', '0000:02:00.0', '470', 'NVIDIA GeForce RTX 4090 works'], remedies=['Leave it as it is'], no_remedies=['Or leave'])
def two_cards_one_dropped():
    r = left_out(rec('native-image-two-cards'), '10de:128b', '')
    return r


@mix('gpu-init-failed', checks={'cards': None}, says=['GT 710', 'GTX 1060', 'Left out as well', 'RTX 4090 works'])
def three_cards_two_left_out():
    r = left_out(rec('native-image-two-cards'), '10de:128b', '')
    r['gpus'].append(dict(r['gpus'][1], pci_id='10de:1c03', bus_id='0000:03:00.0', kernel_driver='nvidia', where='/sys/bus/pci/devices/0000:03:00.0'))
    return r


@mix('gpu-needs-newer-driver', checks={'cards': None}, says=['GeForce RTX 5090', '570', 'NVIDIA GeForce RTX 4090 works'], advised={'gpu-needs-newer-driver': 'Install driver 570.86.16'})
def two_cards_one_too_new():
    r = left_out(rec('native-image-two-cards'), '10de:2b85', '')
    return r


@mix('gpu-init-failed', checks={'cards': None, 'init': '-'}, says=['GeForce GTX 1060', '0000:02:00.0', '1 of 2', 'NVIDIA GeForce RTX 4090 works'])
def two_cards_one_does_not_start():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nvidia')
    return r


@mix('gpu-lost', checks={'cards': None}, says=['Xid (PCI:0000:02:00): 79', 'RTX 4090 works'])
def two_cards_one_does_not_start_and_the_log_says_why():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nvidia')
    r['errors'] = [{'line': 1, 'text': 'NVRM: Xid (PCI:0000:02:00): 79, pid=0, GPU has fallen off the bus.', 'where': 'kernel log'}, {'line': 2, 'text': 'NVRM: GPU 0000:02:00.0: RmInitAdapter failed! (0x62:0x65:1792)', 'where': 'kernel log'}]
    return r


@mix('gpu-init-failed', checks={'cards': None, 'init': 'cards'}, says=['RTX 4090 answers'])
def two_cards_one_dead_and_cuda_with_it():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nvidia')
    drop(r, 'libcuda.init*', 'libcuda.count')
    see(r, 'libcuda.init', '101')
    return r


@mix('nouveau-holds-gpu', checks={'cards': None}, says=['nouveau', 'NVIDIA GeForce RTX 4090 works'])
def two_cards_one_on_nouveau():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nouveau')
    return r


@mix('native-image', causes=0, checks={'cards': '-'})
def two_cards_one_for_a_virtual_machine():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'vfio-pci')
    return r


@mix('native-image', causes=0, checks={'cards': '-'})
def two_cards_one_given_to_the_job():
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nvidia')
    see(r, 'scheduler', 'slurm', 'SLURM_JOB_ID')
    return r


def one_lost(*seen):
    r = left_out(rec('native-image-two-cards'), '10de:1c03', 'nvidia')
    see(r, 'nvml.gpu.code', '15')
    see(r, *seen)
    return r


@mix('gpu-lost', checks={'cards': None, 'card-starts': '-', 'init': '-'}, says=['one of the cards', 'RTX 4090 answers'])
def two_cards_one_lost_in_a_job():
    return one_lost('scheduler', 'slurm', 'SLURM_JOB_ID')


@mix('gpu-lost', checks={'cards': None, 'card-starts': '-', 'init': '-'}, says=['one of the cards', 'RTX 4090 answers'])
def two_cards_one_lost_in_a_container():
    return one_lost('container', 'docker', '/.dockerenv')


def visible(r, value, count, **more):
    see(r, 'env.CUDA_VISIBLE_DEVICES', value, 'environment')
    see(r, 'visible.count', count)
    for key, seen in more.items():
        see(r, 'visible.' + key, seen)
    if count == '0':
        put(r, 'libcuda.init', '100')
        drop(r, 'libcuda.count')
    return r


@mix('device-hidden', checks={'visible': None, 'init': 'visible'}, says=['card 0 twice', 'no card at all'])
def one_card_named_twice():
    return visible(rec('native-image-two-cards'), '0,0', '0', refused='', repeated='0')


@mix('device-hidden', checks={'visible': None}, says=['"5" names no card', 'programs get no card; the list names 1 behind that'])
def list_cut_at_its_first_entry():
    return visible(rec('native-image-two-cards'), '5,0', '0', refused='5', lost='1')


@mix('device-hidden', checks={'visible': None, 'init': '-'}, says=['"5" names no card', '1 of the 2'])
def list_cut_in_the_middle():
    return visible(rec('native-image-two-cards'), '0,5,1', '1', refused='5', lost='1')


@mix('native-image', causes=0, checks={'visible': '-'})
def list_too_long_for_this_machine():
    return visible(rec('native-image-two-cards'), '0,1,2,3', '2', refused='2')


@mix('device-hidden')
def slurm_no_devices():
    r = rec('device-hidden-minus-one')
    change(r, 'NoDevFiles', 'env.CUDA_VISIBLE_DEVICES', 'visible.refused')
    see(r, 'scheduler', 'slurm', 'SLURM_JOB_ID')
    return r


@mix('no-gpu')
def amd_apu_driver_installed():
    r = rec('no-gpu')
    for s in r['sightings']:
        if s['key'] == 'pci.display.other':
            s['value'] = '1002:164e'
        if s['key'] == 'libcuda':
            s.update(found=True, value='550.120')
    see(r, 'libcuda.kind', 'system')
    return r


@mix('gpu-lost', checks={'uvm': '-'})
def lost_card_is_no_stale_uvm():
    r = rec('gpu-lost')
    put(r, 'libcuda.init', '999')
    return r


@mix('native-image', causes=0)
def hidden_card_is_not_judged():
    r = rec('native-image-two-cards')
    r['gpus'][1].update(gpu='NVIDIA GeForce GTX 680', compute_capability='3.0', pci_id='10de:1180')
    see(r, 'env.CUDA_VISIBLE_DEVICES', '0', 'environment')
    see(r, 'visible.gpu', r['gpus'][0]['bus_id'])
    return r


@mix('no-gpu', says=['vfio-pci'], remedies=['kept by vfio-pci', '/etc/modprobe.d'], no_remedies=['plugged in', 'update-initramfs', 'sudo reboot'])
def card_for_a_virtual_machine():
    r = rec('driver-not-loaded')
    change(r, 'vfio-pci', 'pci.driver')
    r['gpus'][0]['kernel_driver'] = 'vfio-pci'
    return r


@mix('no-kernel-image', says=['GTX 680'], remedies=['CUDA_DEVICE_ORDER=PCI_BUS_ID', 'CUDA_VISIBLE_DEVICES=0'], no_remedies=['CUDA_VISIBLE_DEVICES=-1'])
def one_card_of_two_without_image():
    r = rec('native-image-two-cards')
    r['gpus'][1].update(gpu='NVIDIA GeForce GTX 680', compute_capability='3.0', pci_id='10de:1180')
    r['kernel_driver'] = '470.256.02'
    return old_two(r)
