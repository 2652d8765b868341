# What the tests of the engines share.  Each of them sources this file, and
# tests/oci/on_host runs it: on a host of namespaces, with an empty /run.
#
#   runtime    the program under test
#   work       a directory for all that the engine keeps
# shellcheck shell=sh disable=SC2034,SC2086
# SC2034: the variables are for who sources this.  SC2086: $work has no blanks.
set -u
# The distribution's own programs come first: they are what is tested.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export LC_ALL=C
runtime=${PROGRAM:-$BIN/10-full-container}
subject=$(basename "$0" .sh)
# shellcheck source=tests/verdict.sh
. "$(dirname "$0")/../verdict.sh"
# What is mounted and made below would be the machine's own.  By hand cri.sh has
# mounts and a $work of its own; systemd.sh mounts nothing.
own_mounts() {
    [ "$(readlink /proc/self/ns/mnt)" != "$(readlink /proc/1/ns/mnt)" ]
}
if [ -z "${ON_HOST-}${mounts_nothing-}" ] && ! { [ "${work-}" ] && own_mounts; }; then
    echo "$0: this needs a host of its own: build/tests/oci/on_host $0" >&2
    exit 2
fi
work=${work:-/run/engine}
mkdir -p $work

# A /dev/null of this host's own: Debian 12's crun gives the one that it has as
# its input to the container's user.  Only on a host of namespaces: systemd.sh
# runs on the machine itself, and has another $work.
if [ $work = /run/engine ] && [ ! -e $work/null ]; then
    mknod -m 666 $work/null c 1 3
    mount --bind $work/null /dev/null
fi

# need PROGRAM...: without them there is nothing to be tested.
need() {
    for each; do
        command -v "$each" >/dev/null && continue
        verdict skip all "$each is not installed"
        totals
        exit
    done
}

# check NAME PATTERN COMMAND...: what COMMAND prints, and its status after a
# last "=", match the PATTERN of case.
check() {
    name=$1 pattern=$2
    shift 2
    said=$("$@" 2>&1 </dev/null) && status=0 || status=$?
    said="$said=$status"
    # shellcheck disable=SC2254 # a pattern is what it is
    case $said in
    $pattern) verdict pass "$name" ;;
    *) verdict FAIL "$name" "
      expected: $pattern
      printed:  $said
      by: $*" ;;
    esac
}

# with_terminal COMMAND: on one whose input stays open.  script(1) types the end
# of its own input, and on a busy machine that came before the program had begun.
with_terminal() {
    [ -p $work/typed ] || mkfifo $work/typed
    script -qfec "$1" $work/typescript <>$work/typed
}

# start_daemon LINE COMMAND...: in the background, until it prints LINE.  What
# it prints is kept in $work/log, its process id in $daemon.
start_daemon() {
    line=$1
    shift
    mkfifo $work/said $work/ready
    "$@" >$work/said 2>&1 </dev/null &
    daemon=$!
    while read -r said; do
        echo "$said" >>$work/log
        case $said in *"$line"*) echo ready >$work/ready ;; esac
    done <$work/said >/dev/null 2>&1 &
    reader=$!
    # Whoever reads the fifo also ends when the daemon does.
    { wait_for $daemon; echo ended >$work/ready; } &
    watcher=$!
    read -r answer <$work/ready
    { kill $watcher && wait $watcher; } 2>/dev/null
    [ "$answer" = ready ] && return
    verdict FAIL "the daemon starts" "$(tail -n 5 $work/log)"
    totals
    exit
}

# Until a process, which need not be a child, has ended.
wait_for() {
    tail --pid="$1" -f /dev/null
}

stop_daemon() {
    kill "$daemon"
    wait "$daemon"
    wait "$reader"
}

# hide DIRECTORY...: the machine's own, which an engine would write to.
hide() {
    for each; do
        [ ! -d "$each" ] || mount -t tmpfs tmpfs "$each"
    done
}

# Only the program under test can be what runs the containers.
hide_other_runtimes() {
    for each in runc crun; do
        other=$(command -v $each) || continue
        mount --bind /bin/false "$other"
    done
}

# write_containers_conf DIRECTORY: podman's.  Limits are not raised: the user
# may lack CAP_SYS_RESOURCE.
write_containers_conf() {
    echo '[containers]'
    awk '/open files/ { l = l sprintf("\"nofile=%s:%s\", ", $5, $5) }
        /processes/ && $4 != "unlimited" { l = l sprintf("\"nproc=%s:%s\", ", $4, $4) }
        END { print "default_ulimits = [" l "]" }' /proc/self/limits
    init=$(command -v catatonit || command -v tini-static) &&
        echo "init_path = \"$init\""
    echo '[network]'
    echo "network_config_dir = \"$1/cni\""
    echo '[engine]'
    echo 'lock_type = "file"'
    echo 'events_logger = "file"'
}

# A shared directory, /shared in the container, with a fifo to be told by.
make_shared() {
    mkdir -p $work/shared
    mkfifo $work/shared/ready
}

# What a container does that waits for its end.
waits='trap "exit 9" TERM; echo said; echo x >/shared/ready;
    while :; do sleep 1000 & wait $!; done'

# Until a container has said that it is there.
hear() {
    read -r _ <$work/shared/ready
}

# The processes that have the id of a container among their words.
with_an_id() {
    for each in /proc/[0-9]*; do
        grep -qs '[0-9a-f]\{64\}' "$each/cmdline" && echo "${each#/proc/}"
    done
}

# nothing_is_left DIRECTORY: no process, mount or cgroup of a container, whose
# id is in their names, nor its state in DIRECTORY.  An engine's own process
# for a container ends a moment after it.
nothing_is_left() {
    for each in $(with_an_id); do
        timeout 20 tail --pid="$each" -f /dev/null
    done
    with_an_id
    grep -oE '[0-9a-f]{64}[^ ]*' /proc/mounts
    find /sys/fs/cgroup -type d | grep -E '[0-9a-f]{64}'
    ls -A "$1"
}
