#!/usr/bin/env bash
# The machine of the page:  web/machine/build.sh DIR     (as root)
#
# DIR gets the disk, in pieces, and the state of a machine that has booted and
# whose two shells are at their prompts.  In three steps, each kept in the cache
# under a name made of what it is made from: Debian's packages (two roots, one
# to build in), the kit in them, and the state.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/vm/lib.sh
. tools/vm/sources.sh
. web/machine/packages.sh
. web/machine/base.sh
. web/machine/initrd.sh
. web/machine/root.sh

say() { printf 'web: %s\n' "$*" >&2; }
target=${1:?where to?}
home=${TEN_STEPS_WEB:-${XDG_CACHE_HOME:-$(getent passwd "${vm_owner%:*}" | cut -d: -f6)/.cache}/ten-steps/web}
chunk=$((512 * 1024)) memory=256 spare=96

key() { sha256sum | cut -c1-16; }

# What the machine is made from: the clone's files, without what is built, and
# without texts in other languages, which are on the page.
kit_files() {
    git -c safe.directory='*' ls-files -co --exclude-standard |
        grep -vE '^(web|vm)/|\.[a-z]{2}\.(md|txt)$' | LC_ALL=C sort
}

# A root is built in a copy: of the cache nothing is ever changed.
machine_disk() {
    local version
    cp -a --reflink=auto "$base/build" "$new/build"
    cp -a --reflink=auto "$base/run" "$new/root"
    mkdir -p "$new/build/home/reader/ten-steps"
    kit_files | tar -c -T - | tar -x -C "$new/build/home/reader/ten-steps"
    say "the kit, for i386"
    chroot "$new/build" make -s -j"$(nproc)" -C /home/reader/ten-steps EXTRA=-g0 tests-built >"$new/log" 2>&1 ||
        { tail -n 5 "$new/log" >&2; exit 1; }
    machine_starters
    version=$(basename "$new/build/lib/modules"/*)
    machine_root "$new/root" "$new/build" "$version"
    machine_initrd "$new/build" "$version" "$new/initrd"
    cp "$new/build/boot/vmlinuz-$version" "$new/kernel"
    cp "$new"/build/usr/share/seabios/{bios,vgabios-stdvga}.bin "$new/"
    size=$(($(du -sB1 "$new/root" | cut -f1) * 11 / 10 + spare * 1024 * 1024))
    size=$(((size + chunk - 1) / chunk * chunk))
    mke2fs -q -t ext4 -O ^has_journal,^metadata_csum -m 0 -N 40000 -d "$new/root" "$new/disk.img" $((size / 1024))
    rm -rf --one-file-system "$new/build" "$new/root"
}

# A place for each exercise, compiled as far as the kit goes: tcc then has the reader's
# files alone to do.
machine_starters() {
    # shellcheck disable=SC2016 # expanded there
    chroot "$new/build" sh -ec 'mkdir /home/reader/mine; cd /home/reader/ten-steps
        for stage in 0?-*; do
            tools/start.sh "$stage" "/home/reader/mine/${stage%%-*}"
            make -s -C "/home/reader/mine/${stage%%-*}" CC="gcc -fno-pie -no-pie -fno-stack-protector"
        done' >>"$new/log" 2>&1 || { tail -n 5 "$new/log" >&2; exit 1; }
}

# Pieces, each compressed; the emulator asks for those that it needs.
machine_pieces() {
    local start
    mkdir -p "$1"
    for ((start = 0; start < size; start += chunk)); do
        dd if="$new/disk.img" bs=$chunk count=1 skip=$((start / chunk)) status=none |
            zstd -q -19 >"$1/$start-$((start + chunk)).img.zst"
    done
}

machine_state() {
    say "the machine starts, and is kept as it is then"
    node web/machine/boot.mjs "$new" "$size" "$chunk" "$memory"
    zstd -q -19 --rm "$new/state" -o "$new/image/state.zst"
}

mkdir -p "$home"
exec 9>"$home/lock"
flock 9
machine_base
image=$home/image-$({
    basename "$base"
    kit_files | grep -vE '\.md$|^(docs|\.ci)/' | tar -c --sort=name --mtime=@0 --owner=0 --group=0 -T -
    cat web/machine/{build,root,initrd}.sh web/machine/boot.mjs
    grep -A3 node_modules/v86 web/package-lock.json
    find web/machine/root -type f -exec sha256sum {} + | LC_ALL=C sort
} | key)
if [ ! -d "$image" ]; then
    new=$(mktemp -d "$home/new.XXXXXX")
    trap 'rm -rf --one-file-system "$new"' EXIT
    machine_disk
    mkdir "$new/image"
    machine_pieces "$new/image/disk"
    machine_state
    cp "$base/packages" "$new/image/"
    printf '{ "id": "%s", "memory": %d, "disk": %d, "chunk": %d, "state": %d }\n' "$(basename "$image")" \
        "$memory" "$size" "$chunk" "$(stat -c %s "$new/image/state.zst")" >"$new/image/machine.json"
    rm -rf --one-file-system "$home"/image-*
    mv "$new/image" "$image"
fi
rm -rf "$target"
mkdir -p "$(dirname "$target")"
cp -r "$image" "$target"
[ "$vm_owner" = 0:0 ] || chown -hR "$vm_owner" "$target"
