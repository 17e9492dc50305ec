"""Mixes of systems: the same fault is mended in the words of the distribution or of the container engine."""
from recorded import mix, on, put, rec, see, unload

UBUNTU = ['ubuntu', 'apt-get']
MAKES_GRUB = ['update-grub', 'mkconfig', 'sudoedit', '/etc/default/grub']

# The recorded machine of a rule under another distribution: what the remedies say, and what they do not.
for rule, system, remedies, no_remedies in [
    ('driver-not-installed', 'fedora', ['dnf install -y akmod-nvidia'], UBUNTU),
    ('driver-not-installed', 'manjaro', ['pacman -S --needed nvidia-open'], UBUNTU),
    ('driver-not-installed', 'debian', ['apt-get install -y nvidia-driver'], ['ubuntu']),
    ('driver-not-installed', 'parrot', ['firmware-misc-nonfree linux-headers-$(uname -r)', 'contrib, non-free and non-free-firmware'], ['ubuntu']),
    ('driver-not-installed', 'opensuse-leap', ['zypper install -y nvidia-open'], UBUNTU),
    ('driver-not-installed', 'nixos', ['Install the driver'], ['buntu', 'apt-get', 'akmod']),
    ('driver-too-old', 'rocky', ['dnf install -y nvidia-open', '525.60.13'], UBUNTU),
    ('driver-not-loaded', 'fedora', ['kernel-devel-$(uname -r)', 'akmods'], [*UBUNTU, 'dkms autoinstall']),
    ('driver-not-loaded', 'opensuse-leap', ['kernel-default-devel=$(uname -r', 'nvidia*-kmp-*'], [*UBUNTU, 'dkms autoinstall']),
    ('nouveau-holds-gpu', 'fedora', ['dracut --force'], ['update-initramfs', 'Debian']),
    ('secure-boot-blocks-module', 'fedora', ['/etc/pki/akmods/certs/public_key.der'], ['shim-signed', 'ubuntu']),
    ('secure-boot-blocks-module', 'opensuse-leap', ['mokutil --import /var/lib/nvidia-pubkeys/*.der'], ['shim-signed', 'ubuntu', 'dkms']),
]:
    mix(rule, name=f'{rule} on {system}', remedies=remedies, no_remedies=no_remedies)(lambda rule=rule, system=system: on(rec(rule), system))


def on_the_command_line(system):
    r = on(rec('native-image'), system)
    unload(r)
    see(r, 'blacklist.nvidia', 'cmdline', '/proc/cmdline')
    return r


for system, remedies, no_remedies in [
    ('fedora', ['grubby --update-kernel=ALL --remove-args='], MAKES_GRUB),
    ('rocky', ['grubby --update-kernel=ALL --remove-args='], MAKES_GRUB),
    ('opensuse-tumbleweed', ['grub2-mkconfig -o /boot/grub2/grub.cfg', 'sudoedit /etc/default/grub'], ['update-grub', 'grubby']),
    ('ubuntu', ['update-grub'], ['headers', 'sed -i']),
]:
    mix('driver-not-loaded', name=f'module blacklisted on the command line of {system}', says=['/proc/cmdline'], remedies=remedies, no_remedies=no_remedies)(
        lambda system=system: on_the_command_line(system))


@mix('driver-not-visible-in-container', remedies=['nvidia.com/gpu: 1'], no_remedies=['docker run', '--gpus', 'restart docker', 'compose'])
def pod_without_a_card():
    r = rec('driver-not-visible-in-container')
    put(r, 'container', 'kubernetes', 'KUBERNETES_SERVICE_HOST')
    return r


@mix('driver-not-visible-in-container', remedies=['podman run --rm --device nvidia.com/gpu=all --security-opt=label=disable', 'nvidia-ctk cdi generate'], no_remedies=['docker run', '--gpus', 'restart docker', 'compose'])
def podman_without_a_card():
    r = rec('driver-not-visible-in-container')
    put(r, 'container', 'podman', '/run/.containerenv')
    return r
