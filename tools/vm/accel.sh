# shellcheck shell=sh
# May a guest use the processor itself (KVM), or has every instruction to be
# emulated (TCG), ten to thirty times slower?
#
# /dev/kvm alone proves nothing: in a nested virtual machine it may open and
# then hang or crawl.  So a guest is tried.  It is a disk of 512 bytes, whose
# boot sector counts to 200 million (a tenth of a second, unless each step is
# emulated) and writes 1 to the port of qemu's isa-debug-exit, which ends qemu
# with status 3.

# accel_guest DISK: does it end as it should, in time?
accel_guest() {
    # mov ecx, 200000000; again: dec ecx; jnz again; mov al, 1; mov dx, 0x501; out dx, al; hlt
    printf '\146\271\000\302\353\013\146\111\165\374\260\001\272\001\005\356\364' >"$1"
    truncate -s 510 "$1"
    printf '\125\252' >>"$1"
    timeout -k 1 4 qemu-system-x86_64 -accel kvm -nodefaults -no-user-config -display none \
        -m 16 -device isa-debug-exit,iobase=0x501,iosize=1 \
        -drive "format=raw,file=$1" >/dev/null 2>&1
    [ $? = 3 ]
}

# accel_tried: the guest, and if it failed, only once since this machine's boot.
accel_tried() {
    # shellcheck disable=SC2154 # of lib.sh
    failed=$vm_home/kvm-failed
    if [ "$(cat "$failed" 2>/dev/null)" = "$(cat /proc/sys/kernel/random/boot_id)" ]; then
        return 1
    fi
    rm -f "$failed"
    disk=$(mktemp)
    if accel_guest "$disk"; then
        rm -f "$disk"
        return
    fi
    rm -f "$disk"
    cp /proc/sys/kernel/random/boot_id "$failed" 2>/dev/null || :
    return 1
}

# accel_of ARCH: "kvm", or "tcg" and why.
accel_of() {
    if [ "$1" != "$(vm_arch)" ]; then
        echo "tcg another processor than this machine's"
    elif [ ! -e /dev/kvm ]; then
        echo "tcg there is no /dev/kvm"
    elif ! (: <>/dev/kvm) 2>/dev/null; then
        echo "tcg /dev/kvm is not yours (sudo usermod -aG kvm $(id -un), then log in again)"
    elif [ "$1" != amd64 ]; then
        echo kvm # the boot sector speaks x86 only
    elif accel_tried; then
        echo kvm
    else
        echo "tcg /dev/kvm is there, but a guest on it does not run (to try again: rm $failed)"
    fi
}
