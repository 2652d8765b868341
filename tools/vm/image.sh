#!/usr/bin/env bash
# Build an image:  tools/vm/image.sh NAME [--rebuild]     (as root)
#
#   debian13  debian12  arm64 (Debian 13)
#   selinux (debian13 and its policy)  x32 (debian13 with another kernel)
#
# mmdebstrap unpacks the packages into a directory, inside.sh makes a machine
# of it, and mke2fs writes it as a disk: no loop device, no mount, no network
# in the guest.  An image is built once, and again if what it is made from
# changes.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/vm/lib.sh
. tools/vm/sources.sh
. tools/vm/packages.sh
. tools/vm/foreign.sh
. tools/vm/derive.sh
. tools/vm/initrd.sh

image_suite() { case $1 in debian12) echo bookworm ;; *) echo trixie ;; esac; }
image_arch() { case $1 in arm64) echo arm64 ;; *) vm_arch ;; esac; }

# Is it the Debian 13 one, and more?
derived() { [ -n "$(derive_packages "$1")" ]; }

# What an image is made from, as a number.
image_stamp() {
    {
        ! derived "$1" || cat tools/vm/derive.sh
        packages_of "$1" "$arch"
        sources_for "$suite"
        cat tools/vm/inside.sh tools/vm/initrd.sh
    } | sha256sum | cut -c1-16
}

# image_bootstrap DIR: all packages, unpacked and configured.
image_bootstrap() {
    local proxies
    mapfile -t proxies < <(sources_proxies)
    sources_for "$suite" >"$new/sources"
    ssh-keygen -q -t ed25519 -N '' -C 'the kit' -f "$new/key"
    INITRD=No mmdebstrap --mode=root --variant=minbase --format=directory \
        --architectures="$arch" \
        --include="$(packages_of "$name" "$arch" | tr ' ' ',')" \
        --aptopt='APT::Install-Recommends "false"' "${proxies[@]}" \
        --dpkgopt=force-unsafe-io \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        "$suite" "$1" "$new/sources" >"$new/log" 2>&1 && return
    tail -n 5 "$new/log" >&2
    cp "$new/log" "$vm_home/$name.log"
    say "$name could not be built: all that was said is in $vm_home/$name.log"
    ! image_unreachable || exit 75
    exit 1
}

# Is it the network, and not us?  EX_TEMPFAIL of sysexits(3head) says so.
image_unreachable() {
    grep -qE 'Failed to fetch|Could not (resolve|connect)|Temporary failure' "$new/log" || return
    printf '  hint: %s\n' "is there a network?" \
        "without one: ./kit vm --import FILE, from a machine that has one" >&2
}

image_build() {
    local started=$SECONDS
    [ "$(id -u)" = 0 ] || fail "to build an image takes root" "sudo ./kit vm"
    vm_needs mmdebstrap mke2fs cpio ssh-keygen
    say "building $name ($suite, $arch); this takes some minutes, once"
    rm -rf --one-file-system "$vm_home/$name.new".*
    new=$(mktemp -d "$vm_home/$name.new.XXXXXX")
    chmod 755 "$new"
    trap 'foreign_end; [ -n "${VM_KEEP-}" ] || rm -rf --one-file-system "$new"' EXIT
    [ "$arch" = "$(vm_arch)" ] || foreign_begin
    if derived "$name"; then
        derive "$name" "$vm_home/debian13" "$new" || fail "$name could not be built"
    else
        image_bootstrap "$new/root"
        tools/vm/inside.sh "$new/root" "$new" "$name" || fail "$name could not be built"
    fi
    foreign_end
    foreign_registered=
    rm -rf --one-file-system "$new"/{sources,log,root}
    image_stamp "$name" >"$new/stamp"
    rm -rf "${vm_home:?}/$name"
    mv "$new" "$vm_home/$name"
    vm_give_back
    say "$name: built in $((SECONDS - started)) s, $(vm_size "$vm_home/$name") on disk"
}

name=${1:?which image?}
suite=$(image_suite "$name") arch=$(image_arch "$name")
# What foreign.sh and derive.sh mount is for this alone.
if { [ "$arch" != "$(vm_arch)" ] || derived "$name"; } &&
    [ "$(id -u)" = 0 ] && [ -z "${VM_OWN_MOUNTS-}" ]; then
    exec env VM_OWN_MOUNTS=1 unshare --mount "$0" "$@"
fi
mkdir -p "$vm_home"
! derived "$name" || "$0" debian13
exec 9>"$vm_home/$name.lock"
flock 9
if [ "${2-}" = --rebuild ] || [ ! -e "$vm_home/$name/disk.img" ]; then
    image_build
elif [ "$(cat "$vm_home/$name/stamp")" != imported ] &&
    [ "$(cat "$vm_home/$name/stamp")" != "$(image_stamp "$name")" ]; then
    if [ "$(id -u)" = 0 ]; then
        image_build
    else
        say "note: $name is of another version of the kit; sudo ./kit vm --rebuild makes it new"
    fi
fi
