# shellcheck shell=bash
# A machine: a thin disk over an image, a qemu that runs it, and ssh into it.
#
# ssh, and not the serial console, because it knows about Ctrl-C, the size of
# the window, exit statuses and a second shell.  It goes through qemu's own
# network to a port of 127.0.0.1: this machine's network is not touched.  Nor
# can the guest, where anybody may be root, reach it: with VM_ONLINE it can, and
# at 10.0.2.2 that is what listens on this machine's 127.0.0.1, too.
#
# An image keeps moments of a machine, memory included (qemu's savevm), so that
# a new one is there in seconds: "booted", just after its boot, and "ready", with
# the kit in it.  A moment fits only the qemu, processor and kernel command line
# it was made with; for others, boot.

: "${VM_MEMORY:=2048}" "${VM_CPUS:=2}"

# machine_plan IMAGE [KERNEL-OPTIONS]: how it will run, in variables.
machine_plan() {
    # shellcheck disable=SC2154 # of lib.sh
    image=$vm_home/$1
    arch=$(cat "$image/arch")
    # shellcheck disable=SC2034 # who starts a machine says why
    read -r accel accel_why < <(accel_of "$arch") || :
    kernel="root=/dev/vda net.ifnames=0 quiet loglevel=3 panic=-1"
    [ "$accel" = kvm ] || kernel="$kernel mitigations=off nokaslr"
    case $arch in
    amd64)
        qemu=(qemu-system-x86_64 -M pc)
        kernel="$kernel console=ttyS0"
        [ "$accel" = kvm ] && cpu=host || cpu=max,la57=off
        ;;
    arm64)
        qemu=(qemu-system-aarch64 -M virt)
        kernel="$kernel console=ttyAMA0"
        [ "$accel" = kvm ] && cpu=host || cpu=cortex-a72
        ;;
    esac
    kernel="$kernel${2:+ $2}"
    [ "$accel" = kvm ] || accel=tcg,thread=multi
    fits="$accel $cpu $VM_MEMORY $VM_CPUS $kernel $("${qemu[0]}" --version | head -n 1)"
}

# machine_kept MOMENT [WITH]: is it kept, and does it fit?
machine_kept() { [ "$(cat "$image/$1" 2>/dev/null)" = "$fits${2:+ $2}" ]; }

# machine_new DIR [MOMENT [WITH]]: as it was then, or with an untouched disk.
machine_new() {
    local moment=${2:-booted}
    machine_stop "$1"
    rm -rf "$1"
    mkdir -p "$1"
    if machine_kept "$moment" "${3-}"; then
        cp "$image/$moment.qcow2" "$1/new"
        echo "$moment" >"$1/moment"
    else
        qemu-img create -q -f qcow2 -F raw -b "$image/disk.img" "$1/new"
    fi
    mv "$1/new" "$1/disk.qcow2"
}

machine_runs() {
    local pid
    pid=$(cat "$1/pid" 2>/dev/null) && grep -qs qemu "/proc/$pid/comm"
}

# A port that nobody listens on now.
machine_port() {
    local port
    while :; do
        port=$(shuf -n 1 -i 20000-29999)
        grep -q ":$(printf %04X "$port") " /proc/net/tcp || break
    done
    echo "$port"
}

# machine_boot DIR [QEMU-OPTION...]: it runs in the background.
machine_boot() {
    local dir=$1 options=() restrict=,restrict=on
    shift
    rm -f "$dir/online"
    [ -z "${VM_ONLINE-}" ] || { restrict= && : >"$dir/online"; }
    [ ! -e "$dir/moment" ] || options=(-loadvm "$(cat "$dir/moment")")
    # What it is over says where it lies, and that may have been moved.
    qemu-img rebase -q -u -f qcow2 -F raw -b "$image/disk.img" "$dir/disk.qcow2"
    machine_port >"$dir/port"
    rm -f "$dir"/pid "$dir"/monitor.*
    mkfifo "$dir/monitor.in" "$dir/monitor.out"
    "${qemu[@]}" -nodefaults -no-user-config -display none -no-reboot -daemonize \
        -accel "$accel" -cpu "$cpu" -smp "$VM_CPUS" -m "$VM_MEMORY" \
        -kernel "$image/vmlinuz" -initrd "$image/initrd" -append "$kernel" \
        -drive "if=none,id=disk,file=${dir//,/,,}/disk.qcow2,format=qcow2,discard=unmap" \
        -device virtio-blk-pci,drive=disk -device virtio-rng-pci \
        -netdev "user,id=net,hostfwd=tcp:127.0.0.1:$(cat "$dir/port")-:22$restrict" \
        -device virtio-net-pci,netdev=net,romfile= \
        -chardev "pipe,id=monitor,path=${dir//,/,,}/monitor" -monitor chardev:monitor \
        -serial "file:$dir/console" -pidfile "$dir/pid" "${options[@]}" "$@" 7>&- 8>&- 9>&- ||
        fail "qemu does not start" "its words are above; ./kit doctor looks at this machine"
    rm -f "$dir/moment"
}

# machine_ssh DIR USER [SSH-OPTION... [COMMAND...]]
machine_ssh() {
    local dir=$1 user=$2
    shift 2
    ssh -F none -i "$image/key" -p "$(cat "$dir/port")" -o IdentitiesOnly=yes \
        -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
        -o ControlMaster=auto -o ControlPath="$dir/ssh.%r" -o ControlPersist=yes \
        -o ServerAliveInterval=60 -o ConnectTimeout=20 -l "$user" 127.0.0.1 "$@" 7>&- 8>&- 9>&-
}

# machine_wait DIR SECONDS: until one can log in.  Its clock is set, which a
# resumed machine's is not.
machine_wait() {
    local end=$((SECONDS + $2))
    until machine_ssh "$1" root "date -s @$(date +%s)" >/dev/null 2>&1; do
        machine_runs "$1" || { tail -n 20 "$1/console" >&2 && return 1; }
        [ $SECONDS -lt $end ] || { say "no login in $2 s" && return 1; }
        sleep 0.2
    done
    machine_ssh "$1" learner true >/dev/null 2>&1
}

# machine_monitor DIR COMMAND: tell qemu.
machine_monitor() { echo "$2" >"$1/monitor.in"; }

machine_gone() { # DIR SECONDS
    local end=$((SECONDS + $2))
    while machine_runs "$1"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}

# machine_stop DIR: what is written is written; services are not asked.
machine_stop() {
    machine_runs "$1" || return 0
    timeout 30 ssh -F none -o ControlPath="$1/ssh.root" -p "$(cat "$1/port")" \
        -i "$image/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
        -o LogLevel=ERROR root@127.0.0.1 'systemctl poweroff --force' >/dev/null 2>&1 || :
    machine_gone "$1" 30 || kill "$(cat "$1/pid")" 2>/dev/null || :
    machine_gone "$1" 10 || kill -9 "$(cat "$1/pid")" 2>/dev/null || :
    rm -f "$1"/pid "$1"/port "$1"/monitor.* "$1"/ssh.*
}

# Who makes a moment to keep does it in $image/first, and holds a lock.
machine_making() {
    exec 7>"$image/making.lock"
    flock 7
    making=$image/first
}

# machine_unmake: what this process has half made goes.
machine_unmake() {
    [ -n "${making-}" ] || return 0
    machine_stop "$making"
    rm -rf "$making"
    making=
}

# machine_keep MOMENT [WITH]: keep what was made as it is now, which ends it.
machine_keep() {
    local user
    rm -f "$image/$1" "$image/$1.qcow2"
    machine_ssh "$making" root sync
    for user in root learner; do
        ssh -F none -o ControlPath="$making/ssh.$user" -O exit "$user@127.0.0.1" 2>/dev/null || :
    done
    sleep 1
    [ "$1" = booted ] || machine_monitor "$making" "delvm booted"
    machine_monitor "$making" "savevm $1"
    machine_monitor "$making" quit
    machine_gone "$making" 300 || return 1
    mv "$making/disk.qcow2" "$image/$1.qcow2"
    rm -rf "$making"
    echo "$fits${2:+ $2}" >"$image/$1"
    making=
    exec 7>&-
}

# machine_save: boot the image once and keep that moment.
machine_save() {
    [ ! -e "$image/booted" ] || return 0
    machine_making
    if [ -e "$image/booted" ]; then # somebody else made it meanwhile
        making=
        exec 7>&-
        return
    fi
    machine_new "$making"
    machine_boot "$making"
    machine_wait "$making" 600 || return 1
    machine_ssh "$making" root 'systemctl is-system-running --wait' >/dev/null || :
    # Log in once, so that what this reads from the disk is in memory.
    machine_ssh "$making" learner 'sudo true; gcc --version; make --version' >/dev/null
    machine_keep booted
}
