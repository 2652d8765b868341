#!/usr/bin/env bash
# Make a machine of an unpacked Debian:  inside.sh ROOT OUT IMAGE
#
# OUT gets disk.img, vmlinuz and initrd; OUT/key.pub may log in.
set -euo pipefail
root=$1 out=$2 image=$3
. tools/vm/initrd.sh

# put FILE [MODE]: what is read becomes a file of the guest.
put() { install -D -m "${2:-644}" /dev/stdin "$root$1"; }

# Who is there: the learner, who may become root, and root for the tests.
inside_users() {
    local home
    chroot "$root" useradd -m -s /bin/bash -G sudo,systemd-journal learner
    echo 'learner ALL=(ALL) NOPASSWD: ALL' | put /etc/sudoers.d/learner 440
    for home in /root /home/learner; do
        install -d -m 700 "$root$home/.ssh"
        install -m 600 "$out/key.pub" "$root$home/.ssh/authorized_keys"
    done
    chroot "$root" chown -R learner: /home/learner/.ssh
    echo 'cd ~/ten-steps 2>/dev/null || :' >>"$root/home/learner/.profile"
}

# One interface, which qemu's user network knows by these addresses.
inside_network() {
    echo "${image}" >"$root/etc/hostname"
    printf '127.0.0.1 localhost %s\n::1 localhost\n' "$image" >"$root/etc/hosts"
    echo 'nameserver 10.0.2.3' >"$root/etc/resolv.conf"
    put /etc/systemd/network/10-outside.network <<'CONF'
[Match]
Name=eth0
[Network]
Address=10.0.2.15/24
Gateway=10.0.2.2
LinkLocalAddressing=no
IPv6AcceptRA=no
CONF
    chroot "$root" systemctl -q enable systemd-networkd ssh
    chroot "$root" systemctl -q mask systemd-networkd-wait-online.service
    printf 'UseDNS no\nPermitRootLogin prohibit-password\nAcceptEnv *\nMaxSessions 50\n' |
        put /etc/ssh/sshd_config.d/kit.conf
}

# Nothing starts that only costs time: engines are started by who uses them.
inside_services() {
    local unit
    for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
        e2scrub_all.timer e2scrub_reap.service fstrim.timer man-db.timer logrotate.timer \
        systemd-pstore.service systemd-hwdb-update.service ldconfig.service \
        systemd-journal-catalog-update.service systemd-tpm2-setup-early.service \
        systemd-tpm2-setup.service getty@tty1.service nftables.service \
        docker.service docker.socket containerd.service \
        netavark-dhcp-proxy.socket netavark-dhcp-proxy.service \
        netavark-firewalld-reload.service podman.service podman.socket \
        podman-auto-update.timer podman-restart.service podman-clean-transient.service; do
        ln -sf /dev/null "$root/etc/systemd/system/$unit"
    done
    : >"$root/etc/fstab"
    echo 00000000000000000000000000000001 >"$root/etc/machine-id"
    echo "$image" >"$root/etc/ten-steps-guest" # attacks only run where this is
    echo 'LANG=C.UTF-8' >"$root/etc/default/locale"
}

inside_disk() {
    local version
    version=$(basename "$root"/lib/modules/*)
    cp "$root/boot/vmlinuz-$version" "$out/vmlinuz"
    initrd_make "$root" "$version" "$out/initrd"
    echo "$version" >"$out/version"
    chroot "$root" dpkg --print-architecture >"$out/arch"
    rm -rf "$root"/boot/vmlinuz* "$root"/boot/System.map* "$root"/boot/initrd* \
        "$root"/vmlinuz* "$root"/initrd.img* "$root"/var/cache/apt/*.bin \
        "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*_*
    truncate -s 12G "$out/disk.img"
    mke2fs -q -F -t ext4 -L root -m 0 -E lazy_itable_init=1 -d "$root" "$out/disk.img" >/dev/null
}

inside_users
inside_network
inside_services
inside_disk
