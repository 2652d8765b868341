#!/bin/sh
# See a container beside its host:  demo.sh BIN ROOTFS
#
# The newest stage starts a container.  The same questions (look.sh) are
# answered on the host and in it.  Then it is frozen and goes on; and on a
# terminal you end in a shell inside.
set -eu

rootfs=$2
tools=$(dirname "$0")
for program in "$1"/[01][0-9]-*; do :; done
help=$("$program" --help)
work=$(mktemp -d)
runner=''
frozen_by=''

bold='' dim='' green='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
    bold=$(printf '\033[1m') dim=$(printf '\033[2m')
    green=$(printf '\033[32m') plain=$(printf '\033[0m')
fi

# However this ends, nothing of it stays: the container's shell ends with its
# standard input, once it can run again.
finish() {
    status=$?
    trap - EXIT
    [ ! -f "$frozen_by" ] || echo 0 >"$frozen_by"
    stop_container
    rm -rf "$work"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

say() {
    printf '%s\n' "$bold$1$plain"
}

# ---- The container ----

# The options that this stage understands, of all that the demo would like.
choose_options() {
    case $help in
    *" --layer "*) root=--layer ;;
    *) root=--rootfs ;;
    esac
    for want in "--hostname box" "$root $rootfs" "--memory 64M" "--cpus 0.5" \
        "--pids 32" "--net bridge"; do
        case $help in *" ${want%% *} "*) printf '%s ' "$want" ;; esac
    done
}

# Some machines cannot have a bridge: no nftables in the kernel, for example.
try_bridge() {
    case $options in *"--net bridge"*) ;; *) return 0 ;; esac
    # shellcheck disable=SC2086 # options are words
    "$program" $options true && return
    options="${options%bridge*}none${options#*bridge}"
    echo "demo: no bridge here, see above; going on with --net none" >&2
}

# Its shell takes commands from one pipe and answers to another.
start_container() {
    mkfifo "$work/commands" "$work/answers"
    # shellcheck disable=SC2086 # options are words
    "$program" $options sh -s \
        <"$work/commands" >"$work/answers" 2>"$work/errors" &
    runner=$!
    exec 3>"$work/commands" 4<"$work/answers"
}

# Have the container's shell do what comes on standard input; its answers.
tell() {
    { cat; echo "echo end."; } >&3
    while read -r answer <&4; do
        [ "$answer" != end. ] || return 0
        echo "$answer"
    done
    cat "$work/errors" >&2
    echo "demo: the container ended too early" >&2
    return 1
}

stop_container() {
    [ -n "$runner" ] || return 0
    exec 3>&- 4<&-
    wait "$runner" || :
    runner=''
}

# The process id, on the host, of the shell in the container.
host_pid() {
    pid=$runner
    while child=$(cat "/proc/$pid/task/$pid/children") && [ -n "$child" ]; do
        pid=${child%% *}
    done
    echo "$pid"
}

# ---- Its cgroups, as files on the host ----

# group PID CONTROLLER: the directory of the process in the tree (v2 or v1)
# that has the controller; group PID "": in v2's tree.
group() {
    mounted='' path=''
    while IFS=' ' read -r _ _ _ _ at _ rest; do
        case ${rest#*- } in
        cgroup2\ *) [ -n "$mounted" ] || mounted=$at ;;
        cgroup\ *) case ,${rest##* }, in *",$2,"*) mounted=$at ;; esac ;;
        esac
    done </proc/self/mountinfo
    while IFS=: read -r _ names below; do
        case ,$names, in
        ,,) [ -n "$path" ] || path=$below ;;
        *",$2,"*) path=$below ;;
        esac
    done <"/proc/$1/cgroup"
    echo "$mounted$path"
}

# limit PID CONTROLLER V2-FILE V1-FILE: its value, or "max".
limit() {
    directory=$(group "$1" "$2")
    value=$(cat "$directory/$3" "$directory/$4" 2>/dev/null | head -n 1)
    case $value in
    "" | max* | -1 | 9223372*) echo max ;;
    *) echo "$value" ;;
    esac
}

memory_limit() {
    bytes=$(limit "$1" memory memory.max memory.limit_in_bytes)
    [ "$bytes" = max ] && echo "no limit" || echo "at most $((bytes >> 20)) MiB"
}

cpu_limit() {
    quota=$(limit "$1" cpu cpu.max cpu.cfs_quota_us)
    if [ "$quota" = max ]; then
        echo "no limit ($(nproc) of $(nproc))"
    else
        hundredths=$((${quota% *} / 1000))
        printf 'at most %d.%02d of %d\n' $((hundredths / 100)) $((hundredths % 100)) "$(nproc)"
    fi
}

pids_limit() {
    pids=$(limit "$1" pids pids.max pids.max)
    [ "$pids" = max ] && echo "no limit" || echo "at most $pids"
}

# ---- The table ----

# of host|box NAME: what look.sh found there; several lines become one.
of() {
    sed -n "s/^$2 //p" "$work/$1" | sort -u | tr '\n' ' ' | sed 's/ $//'
}

# row STAGE LABEL HOST BOX: green where the container has its own.
row() {
    colour=$green host=$3
    [ "$3" != "$4" ] || colour=''
    [ ${#host} -le 29 ] || host=$(printf '%.26s...' "$host")
    printf '%s%2s%s  %-15s %-29s %s%s%s\n' \
        "$dim" "$1" "$plain" "$2" "$host" "$colour" "$4" "$plain"
}

# both STAGE LABEL NAME: a row of the answers as they are.
both() {
    row "$1" "$2" "$(of host "$3")" "$(of box "$3")"
}

# either VALUE IF-0 ELSE
either() {
    [ "$1" = 0 ] && echo "$2" || echo "$3"
}

user() {
    either "$(of "$1" uid)" "root (0)" "$(of "$1" uid)"
}

capability_names="chown dac_override dac_read_search fowner fsetid kill setgid
setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw
ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct
sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease
audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm
block_suspend audit_read perfmon bpf checkpoint_restore"

# capabilities host|box: the names in that set.
capabilities() {
    set=$((0x$(of "$1" capabilities)))
    for name in $capability_names; do
        [ $((set & 1)) = 0 ] || echo "$name"
        set=$((set >> 1))
    done
}

capability_count() {
    echo "$(capabilities "$1" | wc -l) of $(($(of "$1" known) + 1))"
}

network() {
    echo "$(of "$1" interfaces) $(of "$1" address)" | sed 's/ $//'
}

namespaces() {
    label=namespaces stage=10
    for space in uts pid mnt cgroup user net ipc time; do
        host=$(of host ns.$space) box=$(of box ns.$space)
        verdict="$green$box  its own$plain"
        [ "$host" != "$box" ] || verdict="$box  the host's"
        printf '%s%2s%s  %-15s %-29s %s\n' \
            "$dim" "$stage" "$plain" "$label" "$(printf '%-7s%s' $space "$host")" "$verdict"
        label='' stage=''
    done
    [ "$(of host ns.user)" != "$(of box ns.user)" ] ||
        printf '\n%s\n' "Its user namespace is the host's, as in Docker; --userns gives it its own."
}

table() {
    printf '%s    %-15s %-29s %s%s\n\n' "$bold" "" "this machine" "the container" "$plain"
    both 01 "host name" hostname
    both 02 processes processes
    both "" "the shell's pid" pid
    both 03 mounts mounts
    both 04 "what / holds" system
    both 05 cgroup cgroup
    row "" "  memory" "$(memory_limit $$)" "$(memory_limit "$inside")"
    row "" "  cpus" "$(cpu_limit $$)" "$(cpu_limit "$inside")"
    row "" "  processes" "$(pids_limit $$)" "$(pids_limit "$inside")"
    both 06 "/ is of type" root
    row 07 user "$(user host)" "$(user box)"
    row "" capabilities "$(capability_count host)" "$(capability_count box)"
    row "" "may gain more" "$(either "$(of host privileges)" yes never)" \
        "$(either "$(of box privileges)" yes never)"
    row 08 network "$(network host)" "$(network box)"
    row 09 "system calls" "$(either "$(of host seccomp)" all filtered)" \
        "$(either "$(of box seccomp)" all filtered)"
    namespaces
}

# ---- The freezer ----

# How far it counts, read from outside in the container's own /dev/shm.
counter() {
    tail -n 1 "/proc/$inside/root/dev/shm/count"
}

freeze() {
    echo "$dim# echo $1 >$frozen_by$plain"
    echo "$1" >"$frozen_by"
}

freezer() {
    directory=$(group "$inside" "")
    # Never a group that others are in.
    case $directory in */ten-steps/*) ;; *) return 0 ;; esac
    [ -f "$directory/cgroup.freeze" ] || return 0
    say "The freezer: a whole container stops, and does not notice"
    tell <<'END'
(n=0; while :; do n=$((n + 1)); echo $n; done >/dev/shm/count) &
END
    sleep 0.3
    echo "In the container a loop counts: $(counter)"
    frozen_by=$directory/cgroup.freeze
    freeze 1
    while [ -d "$directory" ] && ! grep -q 'frozen 1' "$directory/cgroup.events"; do :; done
    before=$(counter)
    echo "Frozen: $before, and a second later: $(sleep 1; counter)"
    freeze 0
    while [ "$(counter)" = "$before" ]; do :; done
    echo "It goes on: $(counter)"
    echo
}

# ---- What you see ----

options=$(choose_options)
try_bridge
say "A container, made by $program"
# As it could be typed; a long line goes on in the next.
echo "# $program ${options}sh" | fold -s -w 76 |
    sed "1!s/^/      /; \$!s/ *\$/ \\\\/; s/^/$dim/; s/\$/$plain/"
echo
echo "The same questions are answered on this machine and in the container.  The"
echo "number is the stage, and the chapter of TUTORIAL.md, that makes the difference."
echo
sh "$tools/look.sh" >"$work/host"
start_container
tell <"$tools/look.sh" >"$work/box"
inside=$(host_pid)
table
echo
say "What is left of root's power: $(capability_count box) capabilities"
capabilities box | tr '\n' ' ' | fold -s -w 78 | sed 's/ *$//'
printf '\n\n'
freezer
stop_container

if [ -t 0 ] && [ -t 1 ]; then
    say "Now you: a shell in such a container (exit ends it)"
    echo "Try: ps    hostname    ls /    id    mount    cat /proc/self/status"
    # shellcheck disable=SC2086 # options are words
    "$program" $options sh -l || :
    echo
    say "It is gone, with all that was in it.  Step by step: TUTORIAL.md"
fi
