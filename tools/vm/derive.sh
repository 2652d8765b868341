# shellcheck shell=bash
# An image made from another one: its disk, with more packages.
#
# The disk is mounted (a loop device, in this process's own mount namespace)
# and apt runs in it.

derive_packages="selinux-policy-default policycoreutils selinux-utils"

# derive_inside ROOT: SELinux with Debian's policy.  Its labels are attributes
# of the files.
derive_inside() {
    cp --remove-destination /etc/resolv.conf "$1/etc/resolv.conf"
    mount -t proc proc "$1/proc"
    # shellcheck disable=SC2086 # a list of words
    chroot "$1" sh -c "apt-get update -q && DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends $derive_packages && apt-get clean" || return 1
    umount "$1/proc"
    echo 'nameserver 10.0.2.3' >"$1/etc/resolv.conf"
    printf 'SELINUX=enforcing\nSELINUXTYPE=default\n' >"$1/etc/selinux/config"
    echo selinux >"$1/etc/hostname"
    chroot "$1" setfiles -F /etc/selinux/default/contexts/files/file_contexts /
}

# derive FROM TO: directories of images; TO gets all that an image has.
derive() {
    cp --sparse=always "$1/disk.img" "$2/disk.img"
    cp -p "$1"/{vmlinuz,initrd,version,arch,key} "$2"
    mkdir "$2/root"
    mount -o loop "$2/disk.img" "$2/root" || return 1
    derive_inside "$2/root" >"$2/log" 2>&1 || { tail -n 5 "$2/log" >&2 && return 1; }
    umount "$2/root"
    rm "$2/log"
}
