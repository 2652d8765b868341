#!/bin/sh
# The attack table: which attack works in the container of which stage.
#
#   tests/attacks/run.sh [BIN [ATTACKS [STAGE]]]     directories of the programs
#
# With a STAGE: the attacks which that one stops, on the program PROGRAM in the
# environment, with the stage's own options alone.
#
# Each attack is a small program.  It has to succeed in every stage before the
# one that stops it (in plain execution, for the first), and to fail from that
# stage on: anything else is a failure of the kit.  Everything happens on a
# host of its own, made of new namespaces, and hogs run in a bounded cgroup.
set -u
cd "$(dirname "$0")/../.." || exit 1
bin=$(realpath "${1-bin}")
attacks=$(realpath "${2-build/tests/attacks}")
only=${3-} mine=${PROGRAM-}

if [ "$(id -u)" != 0 ]; then
    echo "tests/attacks/run.sh: run as root (sudo)" >&2
    exit 1
fi
if [ -z "${ATTACK_HOST-}" ]; then
    export ATTACK_HOST=1
    # The safety net: no hog may take more than this group.  It is removed from
    # out here, when all that was in it is gone; whoever holds the lock owns it.
    net=
    for root in /sys/fs/cgroup/pids /sys/fs/cgroup; do
        for old in "$root"/ten-steps-attacks.*; do
            [ ! -d "$old" ] || flock -n "$old" rmdir "$old"
        done
        net=$root/ten-steps-attacks.$$
        if mkdir "$net" 2> /dev/null && [ -e "$net/pids.max" ]; then
            exec 8< "$net"
            flock 8
            echo 600 > "$net/pids.max"
            break
        fi
        rmdir "$net" 2> /dev/null
        net=
    done
    # shellcheck disable=SC2016,SC2086 # for that shell; a word or none
    sh -c '[ -z "$1" ] || echo $$ > "$1/cgroup.procs"; shift; exec "$@"' sh "$net" \
        unshare --mount --uts --ipc --net --pid --fork --kill-child \
        --mount-proc "$0" "$bin" "$attacks" $only 8<&-
    status=$?
    # In v1 the last process can be a moment late in leaving.
    tries=1000
    while [ -n "$net" ] && ! rmdir "$net" 2> /dev/null && [ $tries -gt 0 ]; do
        tries=$((tries - 1))
    done
    exit $status
fi
# Its own mounts, and shared among each other: what is shared already, as under
# systemd, would be shared with the machine.
mount --make-rshared /

# --- the host -------------------------------------------------------------

mount -t tmpfs -o mode=755 tmpfs /run
ip link set lo up
work=/run/attacks
mkdir -p $work/layer $work/target $work/busy /run/image
cp -a build/rootfs/. $work/layer
mkdir -p $work/layer/attacks
find "$attacks" -maxdepth 1 -type f -perm -u+x -exec cp {} $work/layer/attacks \;
cp "$bin/escape" $work/layer/attacks
echo "the host's secret" > $work/secret
# Keys are not this host's alone: another run may have its own.
id=$(readlink /proc/self/ns/mnt | tr -dc 0-9)
key=ten-steps-attack-$id

# Processes that attacks aim at.
env SECRET=hunter2-of-the-host sleep 1000 &
victim=$!
"$attacks/listen" ten-steps-daemon &
daemon=$!
segment=$(ipcmk -M 4096 | sed 's/[^0-9]//g')
"$attacks/addkey" "$key"

cleanup() {
    "$attacks/addkey" "$key" remove
    kill $victim $daemon 2> /dev/null
    wait
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# --- one attack in one stage ----------------------------------------------

stages="00 01 02 03 04 05 06 07 08 09 10"

# The options that make the container of a stage: all that it can isolate.
options() {
    [ "$1" -ge 1 ] && printf '%s ' --hostname box
    [ "$1" -ge 4 ] && [ "$1" -lt 6 ] && printf '%s ' --rootfs $work/layer
    [ "$1" -ge 5 ] && printf '%s ' --pids 50 --memory 64M --cpus 0.05
    [ "$1" -ge 6 ] && printf '%s ' --layer $work/layer
    [ "$1" -ge 8 ] && printf '%s ' --net none
    [ "$1" -ge 9 ] && [ "$attack" != "${attack#int80}" ] && printf '%s ' --deny mkdir --deny mkdirat
    [ "$1" -ge 9 ] && [ "$attack" != "${attack#iouring}" ] && printf '%s ' --deny mkdir --deny mkdirat
}

# A program that somebody wrote may have no others.
own_options() {
    case $1 in
    1) printf '%s ' --hostname box ;;
    4) printf '%s ' --rootfs $work/layer ;;
    5) printf '%s ' --pids 50 --memory 64M --cpus 0.05 ;;
    6) printf '%s ' --layer $work/layer ;;
    8) printf '%s ' --net none ;;
    9) case $attack in int80* | iouring*) printf '%s ' --deny mkdir --deny mkdirat ;; esac ;;
    esac
}

# sees_host NUMBER: is the container's root the host's?
sees_host() {
    case $only:$1 in
    :[0-3] | ?*:0 | ?*:[1235789]) ;;
    *) return 1 ;;
    esac
}

# attempt STAGE ATTACK ARGUMENT...: exit status of the attack
attempt() {
    stage=$1 attack=$2
    shift 2
    number=${stage#0}
    if sees_host "$number"; then
        program=$work/layer/attacks/$attack
    else
        program=/attacks/$attack
    fi
    if [ "$number" = 0 ]; then
        "$program" "$@"
        return
    fi
    set -- "$program" "$@"
    # shellcheck disable=SC2046 # the options are words
    if [ -n "$only" ]; then
        set -- "$mine" $(own_options "$number") "$@"
    else
        set -- "$(echo "$bin/$stage"-*)" $(options "$number") "$@"
    fi
    "$@"
    status=$?
    case $status in
    2 | 125 | 126 | 127) touch $work/broken ;; # no container, so no attack
    esac
    return $status
}

# Did the attack on this stage succeed?  0 yes, 1 no, 77 cannot be tried.
try() {
    case $2 in
    rename)
        hostname host
        attempt "$1" rename
        [ "$(hostname)" = owned ]
        ;;
    kill)
        sleep 1000 &
        prey=$!
        attempt "$1" kill $prey
        kill -0 $prey && kill $prey # still there: this signal ends it
        wait $prey
        [ $? = 137 ]
        ;;
    mountleak)
        attempt "$1" mountleak $work/target
        umount $work/target 2> /dev/null
        ;;
    environ) attempt "$1" environ SECRET=hunter2-of-the-host ;;
    readfile) attempt "$1" readfile $work/secret ;;
    escape)
        # Before the stages have a jail of their own: that of chroot(8).
        if [ "${1#0}" -lt 4 ]; then
            chroot $work/layer /attacks/escape /bin/cat $work/secret
        else
            attempt "$1" escape /bin/cat $work/secret
        fi > $work/out 2>&1
        grep -q "the host's secret" $work/out
        ;;
    imagewrite)
        echo > $work/layer/etc/motd
        if [ "${1#0}" -lt 4 ]; then
            attempt "$1" imagewrite $work/layer/etc/motd
        else
            attempt "$1" imagewrite /etc/motd
        fi
        grep -q owned $work/layer/etc/motd
        ;;
    cpuhog)
        "$attacks/cpuhog" witness > $work/witness &
        witness=$!
        attempt "$1" cpuhog 2> $work/hog
        status=$?
        kill $witness
        wait $witness
        cat $work/hog $work/witness
        share=$(sed -n 's/.* got \([0-9]*\) %.*/\1/p' $work/hog)
        # The limit is 5 %.  Who got more was not held back, if no less than
        # half of what the witness had: the machine is busy.  Where even the
        # witness got so little there is nothing to tell them apart.
        if [ $status = 0 ]; then
            return 0
        elif [ "${share:-0}" -gt 6 ] && [ $((2 * share)) -ge "$(cat $work/witness)" ]; then
            return 0
        fi
        [ "$(cat $work/witness)" -ge 12 ] || return 77
        return $status
        ;;
    abstract) attempt "$1" abstract ten-steps-daemon ;;
    keyring) attempt "$1" keyring "$key" ;;
    x32)
        "$attacks/x32" probe || return 77
        attempt "$1" x32
        ;;
    leakedfd) attempt "$1" leakedfd secret 9< $work ;;
    blockdevice)
        "$attacks/blockdevice" $work/node || return 77 # no loop devices here
        if [ "${1#0}" -lt 4 ]; then
            attempt "$1" blockdevice $work/node
        else
            attempt "$1" blockdevice /node
        fi
        ;;
    sharedmemory) attempt "$1" sharedmemory "$segment" ;;
    *) attempt "$1" "$2" ;;
    esac
}

# --- the table ------------------------------------------------------------

passed=0 failed=0 skipped=0
holes=

# one_of STAGE ATTACK: sets $result
one_of() {
    rm -f $work/broken
    try "$1" "$2" > $work/log 2>&1 < /dev/null
    case $? in
    0) result=yes ;;
    77) result=skip ;;
    *) result=no ;;
    esac
    [ ! -e $work/broken ] || result=broken
}

# judge ATTACK STAGE IDEA: on somebody's program, where nothing stops it without.
judge() {
    [ "$2" = "$only" ] || return 0
    one_of 00 "$1"
    if [ $result = yes ]; then one_of "$only" "$1"; else result=skip; fi
    case $result in
    no) passed=$((passed + 1)) && echo "pass  $only $1: $3" ;;
    skip) skipped=$((skipped + 1)) && echo "skip  $only $1: cannot be tried here" ;;
    yes) failed=$((failed + 1)) && echo "FAIL  $only $1: $3: it succeeds" ;;
    *) failed=$((failed + 1)) && echo "FAIL  $only $1: $3: there is no container" ;;
    esac
}

row() {
    [ -z "$only" ] || {
        judge "$@"
        return
    }
    attack_name=$1 stopped_from=$2 idea=$3
    line=$(printf '%-14s' "$attack_name")
    for stage in $stages; do
        [ "$stage" = 00 ] || [ -x "$(echo "$bin/$stage"-*)" ] || continue
        one_of "$stage" "$attack_name"
        expected=yes
        [ "$stage" -ge "$stopped_from" ] && expected=no
        if [ $result = skip ]; then
            skipped=$((skipped + 1))
            cell='-'
        elif [ $result = $expected ]; then
            passed=$((passed + 1))
            [ $result = yes ] && cell='X' || cell='.'
        else
            failed=$((failed + 1))
            cell='?'
            holes="$holes
$attack_name in stage $stage: expected $expected, was $result: $(tr '\n' ' ' < $work/log)"
        fi
        line="$line $(printf '%3s' "$cell")"
    done
    echo "$line   $idea"
}

if [ -z "$only" ]; then
    echo "X the attack succeeds   . it is stopped   - cannot be tried here   ? a hole"
    echo
    echo "attack          --  01  02  03  04  05  06  07  08  09  10   (-- is no container at all)"
fi
row rename 01 "rename the host"
row kill 02 "kill a process of the host"
row mountleak 03 "mount over a directory of the host"
row environ 03 "read passwords from other processes"
row readfile 04 "read a file of the host"
row escape 04 "walk out of a chroot"
row leakedfd 04 "use a directory left open"
row forkbomb 05 "start 100 processes"
row memoryhog 05 "take 200 MiB of memory"
row cpuhog 05 "take a whole cpu"
row imagewrite 06 "change the image for everybody"
row regain 07 "get capabilities back by exec"
row abstract 08 "talk to a daemon of the host"
row newuserns 09 "get capabilities back in a user namespace"
row keyring 09 "read a key of another process"
row int80 09 "32-bit calls past the filter"
row iouring 09 "a call without a system call"
row x32 09 "calls of a third kind past the filter"
row blockdevice 10 "open a disk through a device node"
row sharedmemory 10 "write to shared memory of the host"
[ -z "$holes" ] || echo "$holes"
[ -n "$only" ] || echo
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
