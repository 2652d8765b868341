# shellcheck shell=bash
# The first file system of a guest: busybox and the modules between the kernel
# and its disk.  2 MB, where a distribution's is 30: under emulation each
# megabyte is time.

# initrd_modules ROOT VERSION: their files, what is needed first comes first.
initrd_modules() {
    local module
    for module in virtio_pci virtio_mmio virtio_blk ext4 crc32c_generic; do
        chroot "$1" modprobe -S "$2" --show-depends "$module" 2>/dev/null || :
    done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# initrd_make ROOT VERSION FILE
initrd_make() {
    local dir number=10 file
    dir=$(mktemp -d)
    mkdir -p "$dir"/{bin,dev,modules,root}
    cp "$1/bin/busybox" "$dir/bin/"
    while read -r file; do
        number=$((number + 1))
        case $file in
        *.xz) xz -dc "$1$file" >"$dir/modules/$number.ko" ;;
        *) cp "$1$file" "$dir/modules/$number.ko" ;;
        esac
    done < <(initrd_modules "$1" "$2")
    cat >"$dir/init" <<'INIT'
#!/bin/busybox sh
b=/bin/busybox
$b mount -t devtmpfs dev /dev
for module in /modules/*.ko; do $b insmod $module; done
tries=200
until [ -b /dev/vda ] || [ $tries = 0 ]; do $b usleep 50000; tries=$((tries - 1)); done
$b mount -t ext4 -o noatime /dev/vda /root || $b reboot -f
$b mount --move /dev /root/dev
exec $b switch_root /root /sbin/init
INIT
    chmod +x "$dir/init"
    (cd "$dir" && find . | LC_ALL=C sort | cpio -o -H newc --quiet) >"$3"
    rm -rf "$dir"
}
