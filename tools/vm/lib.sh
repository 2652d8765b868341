# shellcheck shell=bash
# What all scripts about virtual machines share.  Sourced, from the clone's top.
#
# An image is a Debian that was never touched: a disk, a kernel, an initrd and
# a key.  A machine is a thin disk over an image: what it writes is its own, so
# that starting over is throwing that away.  Both live in one directory, which
# can be on another disk:  TEN_STEPS_VM=/mnt/big/vm ./kit vm

say() { printf 'vm: %s\n' "$*" >&2; }

# fail WHAT [HINT...]
fail() {
    say "$1"
    shift
    [ $# = 0 ] || printf '  hint: %s\n' "$@" >&2
    exit 1
}

# Under sudo too, images belong to the clone's owner.
vm_owner=$(stat -c %u:%g .)
vm_home() {
    local home
    home=$(getent passwd "${vm_owner%:*}" | cut -d: -f6)
    echo "${TEN_STEPS_VM:-${XDG_CACHE_HOME:-${home:-$HOME}/.cache}/ten-steps/vm}"
}
vm_home=$(vm_home)
case $vm_home in /*) ;; *) vm_home=${CALLER:-$PWD}/$vm_home ;; esac

vm_give_back() {
    [ "$(id -u)" != 0 ] || [ "$vm_owner" = 0:0 ] || chown -hR "$vm_owner" "$vm_home"
}

# Debian's name for this processor.
vm_arch() {
    case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) fail "$(uname -m) is a processor that the kit was never tried on" ;;
    esac
}

# needs PROGRAM...: all that ./kit vm installs.
vm_needs() {
    local each missing=
    for each; do
        command -v "$each" >/dev/null || missing="$missing $each"
    done
    [ -z "$missing" ] || fail "missing on this machine:$missing" "sudo ./kit vm installs them"
}

# The size of files as they lie on the disk.
vm_size() { du -shc "$@" | awk 'END { print $1 }'; }
