# shellcheck shell=bash
# The first file system: busybox, the disk's drivers, and the way to the disk.

# machine_modules ROOT VERSION MODULE...: their files, what is needed first comes first.
machine_modules() {
    local root=$1 version=$2 module
    shift 2
    for module; do
        chroot "$root" modprobe -S "$version" --show-depends "$module" 2>/dev/null || :
    done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# machine_initrd ROOT VERSION FILE
machine_initrd() {
    local dir number=10 file
    dir=$(mktemp -d)
    mkdir -p "$dir"/{bin,dev,modules,root}
    cp "$1/bin/busybox" "$dir/bin/"
    while read -r file; do
        number=$((number + 1))
        cp "$1$file" "$dir/modules/$number.ko"
    done < <(machine_modules "$1" "$2" ata_piix sd_mod crc32c_generic ext4)
    cat >"$dir/init" <<'INIT'
#!/bin/busybox sh
b=/bin/busybox
$b mount -t devtmpfs dev /dev
for module in /modules/*.ko; do $b insmod $module; done
until [ -b /dev/sda ]; do $b usleep 20000; done
$b mount -t ext4 -o noatime /dev/sda /root
$b mount --move /dev /root/dev
exec $b switch_root /root /sbin/init
INIT
    chmod +x "$dir/init"
    find "$dir" -exec touch -hd @0 {} +
    (cd "$dir" && find . | LC_ALL=C sort | cpio -o -H newc --quiet --reproducible) | gzip -9n >"$3"
    rm -rf "$dir"
}
