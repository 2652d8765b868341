#!/bin/sh
# Attacks that reach beyond namespaces: the kernel's settings, the disk, the
# log, a terminal of the host.
#
#   ATTACK_THE_MACHINE=yes tests/attacks/machine.sh [BIN [ATTACKS]]   (as root)
#
# They only run in a guest of ./kit vm, which is thrown away afterwards, and
# only when asked for: elsewhere this is a skip.  As in run.sh, each has to
# succeed in every stage before the one that stops it, and to fail from there.
# Stage 10 is the OCI runtime here: masked and read-only paths, the rules for
# devices and a session of its own are what its config.json asks for.
set -u
cd "$(dirname "$0")/../.." || exit 1
bin=$(realpath "${1-bin}")
attacks=$(realpath "${2-build/tests/attacks}")

if [ ! -e /etc/ten-steps-guest ] || [ -z "${ATTACK_THE_MACHINE-}" ]; then
    echo "It is no guest that may be attacked: ./kit check-vm makes some."
    echo "0 passed, 0 failed, 1 skipped"
    exit
fi
export ATTACK_THE_MACHINE
if [ -z "${ATTACK_HOST-}" ]; then
    export ATTACK_HOST=1
    exec unshare --mount "$0" "$bin" "$attacks"
fi
mount --make-rshared / # a host as under systemd, but not with this one's mounts

mark=/run/ten-steps-owned # what a successful attack leaves on the host
agent=/var/tmp/ten-steps-agent # what makes it; the kernel sees none of our mounts
layer=/mnt/attacks-layer
work=/mnt/attacks-work
mkdir -p $layer $work
mount -t tmpfs -o mode=755 tmpfs $layer
mount -t tmpfs -o mode=755 tmpfs $work
cp -a build/rootfs/. $layer
mkdir -p $layer/attacks
find "$attacks" -maxdepth 1 -type f -perm -u+x -exec cp {} $layer/attacks \;

# Debian's settings are stricter than these attacks assume.
log_restricted=$(sysctl -n kernel.dmesg_restrict)
sysctl -q -w kernel.dmesg_restrict=0
[ ! -e /proc/sys/dev/tty/legacy_tiocsti ] || sysctl -q -w dev.tty.legacy_tiocsti=1
pattern=$(cat /proc/sys/kernel/core_pattern)
secret=ten-steps-$(cat /proc/sys/kernel/random/uuid)
echo "$secret" >/dev/kmsg
disk=$(lsblk -n -d -o MAJ:MIN "$(findmnt -n -o SOURCE /)" | tr -d ' ')
printf '#!/bin/sh\necho >%s\n' $mark >$agent
chmod 755 $agent

# in_bundle PROGRAM ARGUMENT...: under the runtime.
in_bundle() {
    rm -rf $work/bundle && mkdir $work/bundle
    "$bin/10-full-container" spec -b $work/bundle --rootfs $layer --pids 50 --net none \
        /bin/env ATTACK_THE_MACHINE=yes "$@" &&
        $run "$bin/10-full-container" --root $work/states run -b $work/bundle attack
}

# in_stage NUMBER PROGRAM ARGUMENT...: what the container of that stage does
# (run=echo only says how it is started).  With by_options, stage 10 is no
# runtime either, but a stage like the others.
run='' by_options=''
in_stage() {
    number=${1#0} stage=$1 program=$2
    shift 2
    place=/attacks
    [ "$number" -ge 4 ] || place=$attacks
    set -- "$place/$program" "$@"
    [ "$number" != 10 ] || [ -n "$by_options" ] || {
        in_bundle "$@"
        return
    }
    [ "$number" = 0 ] || {
        [ "$number" -lt 8 ] || set -- --net none "$@"
        [ "$number" -lt 5 ] || set -- --pids 50 "$@"
        [ "$number" -lt 6 ] || set -- --layer $layer "$@"
        case $number in 4 | 5) set -- --rootfs $layer "$@" ;; esac
        set -- "$(echo "$bin/$stage"-*)" "$@"
    }
    $run "$@"
}

# both_ways STAGE PROGRAM ARGUMENT...: devices are closed in stage 10's own form, too.
both_ways() {
    in_stage "$@" || { [ "$1" = 10 ] && by_options=yes && in_stage "$@"; }
    status=$?
    by_options=''
    return $status
}

# try STAGE ATTACK: did it succeed?
try() {
    rm -f $mark
    case $2 in
    corepattern)
        in_stage "$1" corepattern "/usr/bin/touch $mark"
        echo "$pattern" >/proc/sys/kernel/core_pattern
        [ -e $mark ]
        ;;
    releaseagent)
        [ -d /sys/fs/cgroup/unified ] || grep -q ' - cgroup ' /proc/self/mountinfo || return 77
        in_stage "$1" releaseagent $agent || return 1
        # The kernel starts it a moment later, and says nothing.
        timeout 20 sh -c "until [ -e $mark ]; do :; done"
        ;;
    rawdisk) both_ways "$1" rawdisk "${disk%:*}" "${disk#*:}" ;;
    kernellog) both_ways "$1" kernellog "$secret" ;;
    typeahead)
        # The host's shell on a terminal: how much waits there when it is its turn?
        command=$(run="echo" && in_stage "$1" typeahead owned)
        script -qec "$command; $attacks/typeahead count" /dev/null </dev/null
        [ $? = 6 ] # "owned" and the end of the line
        ;;
    esac
}

passed=0 failed=0 skipped=0 holes=''
row() {
    name=$1 stopped_from=$2 idea=$3
    line=$(printf '%-14s' "$name")
    for stage in 00 01 02 03 04 05 06 07 08 09 10; do
        [ "$stage" = 00 ] || [ -x "$(echo "$bin/$stage"-*)" ] || continue
        try "$stage" "$name" >$work/log 2>&1 </dev/null
        case $? in
        0) result=yes ;;
        77) result=skip ;;
        *) grep -q "$name: " $work/log && result=no || result=broken ;; # it says what stopped it
        esac
        expected=yes
        [ "$stage" -lt "$stopped_from" ] || expected=no
        if [ "$result" = skip ]; then
            skipped=$((skipped + 1)) cell=-
        elif [ "$result" = "$expected" ]; then
            passed=$((passed + 1))
            [ "$result" = yes ] && cell=X || cell=.
        else
            failed=$((failed + 1)) cell='?'
            holes="$holes
$name in stage $stage: expected $expected, was $result: $(tr '\n' ' ' <$work/log)"
        fi
        line="$line $(printf '%3s' "$cell")"
    done
    echo "$line   $idea"
}

echo "X the attack succeeds   . it is stopped   - cannot be tried here   ? a hole"
echo
echo "attack          --  01  02  03  04  05  06  07  08  09  10   (-- is no container at all)"
row corepattern 10 "have the kernel run a program when a process crashes"
row rawdisk 10 "read the disk through a device node"
row kernellog 10 "read the kernel's log through a device node"
row typeahead 10 "type into the terminal of the host's shell"
row releaseagent 07 "have the kernel run a program when a group empties (v1)"
[ -z "$holes" ] || echo "$holes"
rm -f $mark $agent
sysctl -q -w kernel.dmesg_restrict="$log_restricted"
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
