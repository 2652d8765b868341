# shellcheck shell=bash
# An image made from another one: its disk, with more packages.
#
# The disk is mounted (a loop device, in this process's own mount namespace)
# and apt runs in it.

# derive_packages IMAGE.  Debian's small kernel for clouds knows no x32 calls.
derive_packages() {
    case $1 in
    selinux) echo selinux-policy-default policycoreutils selinux-utils ;;
    x32) echo linux-image-amd64 ;;
    esac
}

# SELinux with Debian's policy.  Its labels are attributes of the files.
derive_selinux() {
    printf 'SELINUX=enforcing\nSELINUXTYPE=default\n' >"$1/etc/selinux/config"
    chroot "$1" setfiles -F /etc/selinux/default/contexts/files/file_contexts /
}

# The new kernel, and an initrd of its modules.
derive_x32() {
    local version
    version=$(cd "$1/lib/modules" && echo *-amd64 | tr ' ' '\n' | grep -v cloud | head -n 1)
    cp "$1/boot/vmlinuz-$version" "$2/vmlinuz"
    initrd_make "$1" "$version" "$2/initrd"
    echo "$version" >"$2/version"
}

# derive_inside ROOT IMAGE TO
derive_inside() {
    cp --remove-destination /etc/resolv.conf "$1/etc/resolv.conf"
    mount -t proc proc "$1/proc"
    # shellcheck disable=SC2086 # a list of words
    chroot "$1" sh -c "apt-get update -q && DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends $(derive_packages "$2") && apt-get clean" || return 1
    umount "$1/proc"
    echo 'nameserver 10.0.2.3' >"$1/etc/resolv.conf"
    echo "$2" >"$1/etc/hostname"
    sed -i "1s/.*/127.0.0.1 localhost $2/" "$1/etc/hosts" # sudo looks there
    "derive_$2" "$1" "$3"
}

# derive IMAGE FROM TO: directories of images; TO gets all that an image has.
derive() {
    cp --sparse=always "$2/disk.img" "$3/disk.img"
    cp -p "$2"/{vmlinuz,initrd,version,arch,key} "$3"
    mkdir "$3/root"
    mount -o loop "$3/disk.img" "$3/root" || return 1
    derive_inside "$3/root" "$1" "$3" >"$3/log" 2>&1 || { tail -n 5 "$3/log" >&2 && return 1; }
    umount "$3/root"
    rm "$3/log"
}
