#!/bin/sh
# See a container beside its host:  demo.sh BIN ROOTFS
#
# The newest stage starts a container.  The same questions (look.sh) are
# answered on the host and in it; then it is stopped and goes on (the
# freezer); and on a terminal you end in a shell in a container of your own.
set -eu

rootfs=$2
tools=$(dirname "$0")
for program in "$1"/[01][0-9]-*; do :; done
help=$("$program" --help)
runner=
work=$(mktemp -d)

bold='' dim='' green='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
    bold=$(printf '\033[1m') dim=$(printf '\033[2m')
    green=$(printf '\033[32m') plain=$(printf '\033[0m')
fi

# However this ends, nothing of it stays.
finish() {
    status=$?
    trap - EXIT
    [ -z "$runner" ] || kill -9 "$runner" 2>/dev/null || :
    wait
    rm -rf "$work"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

stop() {
    cat "$work/errors" >&2
    echo "demo: $1" >&2
    exit 1
}

# ---- the container ----

# The options that this stage understands, of all that the demo would like.
choose_options() {
    for want in "--hostname box" "--memory 64M" "--cpus 0.5" "--pids 32" \
        "--net bridge" "--rootfs $rootfs"; do
        case $help in *" ${want%% *} "*) echo "$want" ;; esac
    done | tr '\n' ' '
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
    stop "the container ended too early"
}

# The process id, on the host, of the shell in the container.
host_pid() {
    pid=$runner
    while read -r child _ <"/proc/$pid/task/$pid/children"; do
        pid=$child
    done
    echo "$pid"
}

# ---- cgroup files, as the host sees them ----

# group PID CONTROLLER: the directory of the process, in v1 or v2.
group() {
    while IFS=: read -r _ names path; do
        case ,$names, in
        ,,) v2=$path ;;
        *",$2,"*) v1=$path ;;
        esac
    done <"/proc/$1/cgroup"
    while read -r _ _ _ _ mounted rest; do
        case ${rest#*- } in
        cgroup2\ *) v2=$mounted${v2-} ;;
        cgroup\ *) case ",${rest##* }," in *",$2,"*) v1=$mounted${v1-} ;; esac ;;
        esac
    done </proc/self/mountinfo
    echo "${v1-${v2-}}"
    unset v1 v2
}

# limit PID CONTROLLER V2-FILE V1-FILE: its text, or "max".
limit() {
    directory=$(group "$1" "$2")
    text=$(cat "$directory/$3" 2>/dev/null || cat "$directory/$4" 2>/dev/null || echo max)
    case $text in
    max* | -1 | 9223372*) echo max ;;
    *) echo "$text" ;;
    esac
}

memory_limit() {
    bytes=$(limit "$1" memory memory.max memory.limit_in_bytes)
    [ "$bytes" = max ] && echo "no limit" || echo "at most $((bytes >> 20)) MiB"
}

cpu_limit() {
    quota=$(limit "$1" cpu cpu.max cpu.cfs_quota_us)
    [ "$quota" = max ] && echo "no limit ($(nproc) of $(nproc))" && return
    hundredths=$((${quota% *} / 1000))
    echo "at most $((hundredths / 100)).$((hundredths % 100)) of $(nproc)"
}

pids_limit() {
    pids=$(limit "$1" pids pids.max pids.max)
    [ "$pids" = max ] && echo "no limit" || echo "at most $pids"
}

# ---- the table ----

# of HOST|BOX NAME: what look.sh found there.
of() {
    sed -n "s/^$2 //p" "$work/$1"
}

# row STAGE LABEL HOST BOX: green where the container has its own.
row() {
    colour=$green
    [ "$3" != "$4" ] || colour=
    printf '%s%2s%s  %-15s %-28.28s %s%s%s\n' \
        "$dim" "$1" "$plain" "$2" "$3" "$colour" "$4" "$plain"
}

# both STAGE LABEL NAME: a row of the answers themselves.
both() {
    row "$1" "$2" "$(of host "$3")" "$(of box "$3")"
}

count_bits() {
    number=$((0x$1)) bits=0
    while [ $number -ne 0 ]; do
        bits=$((bits + (number & 1))) number=$((number >> 1))
    done
    echo $bits
}

capabilities() {
    echo "$(count_bits "$(of "$1" capabilities)") of $(($(of "$1" known) + 1))"
}

choice() { # choice WORD IF-0 ELSE
    [ "$1" = 0 ] && echo "$2" || echo "$3"
}

table() {
    printf '%s    %-15s %-28s %s%s\n' "$bold" "" "THIS MACHINE" "IN THE CONTAINER" "$plain"
    both 01 "host name" hostname
    row 02 processes "$(of host processes)" "$(of box processes)"
    row "" "its own pid" "$(of host pid)" "$(of box pid)"
    row 03 mounts "$(of host mounts)" "$(of box mounts)"
    row 04 "root directory" "$(of host system)" "$(of box system)"
    both 05 cgroup cgroup
    row "" "  memory" "$(memory_limit $$)" "$(memory_limit "$inside")"
    row "" "  cpus" "$(cpu_limit $$)" "$(cpu_limit "$inside")"
    row "" "  processes" "$(pids_limit $$)" "$(pids_limit "$inside")"
    both 06 "/ is on" root
    row 07 "user id" "$(of host uid)" "$(of box uid)"
    row "" capabilities "$(capabilities host)" "$(capabilities box)"
    row "" "can gain more" "$(choice "$(of host privileges)" yes no)" \
        "$(choice "$(of box privileges)" yes no)"
    both 08 interfaces interfaces
    row 09 "system calls" "$(choice "$(of host seccomp)" all "those a filter allows")" \
        "$(choice "$(of box seccomp)" all "those a filter allows")"
    label="namespaces" stage=10
    for space in uts pid mnt cgroup user net ipc time; do
        mark="the same"
        [ "$(of host ns.$space)" = "$(of box ns.$space)" ] || mark="its own"
        printf '%s%2s%s  %-15s %-28s ' "$dim" "$stage" "$plain" "$label" \
            "$space $(of host ns.$space)"
        [ "$mark" = "its own" ] && printf '%s' "$green"
        printf '%-22s %s%s\n' "$space $(of box ns.$space)" "$mark" "$plain"
        label='' stage=''
    done
}

sh "$tools/look.sh" >"$work/host"
options=$(choose_options)
echo "${dim}# $program $options sh$plain"
start_container
tell <"$tools/look.sh" >"$work/box"
inside=$(host_pid)
table
