#!/bin/bash
# Measure stage 10 beside what else starts containers on this machine:
#
#   bench/run.sh PROGRAM BUILD ROOTFS ROUNDS      (make bench)
#
# All happens in a mount namespace that shows what a machine with systemd
# shows: cgroup v2 alone, and /run in memory.  One config.json serves every
# runtime: stage 10 writes it, with Docker's filter.  What cannot be told by
# it (bubblewrap, unshare, the floor) gets the same by options, as far as it
# has them.  Results: BUILD/results.txt, results.md, bench.svg.
set -euo pipefail

here=$(dirname "$(realpath "$0")")
program=$1 build=$2 source=$3 rounds=$4
cgroups=/sys/fs/cgroup

fail() {
    echo "bench: $1" >&2
    echo "  hint: $2" >&2
    exit 1
}

[ "$(id -u)" = 0 ] || fail "it takes root" "sudo make bench"
if [ "${BENCH_INSIDE-}" = "" ]; then
    BENCH_INSIDE=1 exec unshare --mount "$0" "$@"
fi

mount --make-rprivate /
umount --recursive --lazy $cgroups 2>/dev/null || :
mount -t cgroup2 cgroup2 $cgroups
mount -t tmpfs tmpfs /run

work=$(mktemp -d)
bundle=$work/bundle rootfs=$work/bundle/rootfs
results=$build/results.txt log=$build/log.txt
enabled=$(cat $cgroups/cgroup.subtree_control)

# Whatever happens: no container, no group, no controller that was not on.
finish() {
    status=$?
    trap - EXIT
    for group in "$cgroups"/bench-* "$cgroups"/*/bench-*; do
        [ ! -f "$group/cgroup.kill" ] || echo 1 >"$group/cgroup.kill"
    done
    find $cgroups -depth -type d -name 'bench-*' -exec rmdir {} + 2>/dev/null || :
    for each in $(<$cgroups/cgroup.subtree_control); do
        [[ " $enabled " == *" $each "* ]] ||
            echo "-$each" >$cgroups/cgroup.subtree_control 2>/dev/null || :
    done
    rmdir $cgroups/ten-steps 2>/dev/null || :
    rm -rf --one-file-system "$work"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# ---- What there is to compare with, and the bundle for all of them

oci=(ten-steps)
for each in crun runc; do
    ! command -v $each >/dev/null || oci+=("$each")
done
tools=()
for each in bwrap unshare; do
    ! command -v $each >/dev/null || tools+=("$each")
done

path_of() {
    if [ "$1" = ten-steps ]; then echo "$program"; else command -v "$1"; fi
}

# CAP_SYS_RESOURCE: crun raises a limit before it loads the device rules.
without_devices=''
capabilities=$(sed -n 's/^CapEff:\t//p' /proc/self/status)
if ((!(0x$capabilities >> 24 & 1))); then
    without_devices='s/ *"resources": {[^{}]*\[[^]]*\][^{}]*},\n//'
fi

: >"$log"
mkdir -p "$rootfs" "$work/other"
cp -a "$source/." "$rootfs"
install -m 755 "$build/exit" "$build/pause" "$rootfs"
# Not every runtime knows time namespaces, or the latest specification.
"$program" spec --bundle "$bundle" --rootfs "$rootfs" --net none /exit >/dev/null
sed -z -i -e 's/"ociVersion": "[^"]*"/"ociVersion": "1.0.2"/' -e 's/ *{[^{}]*"type": "time"[^{}]*},\n//' -e "$without_devices" \
    -e 's/ *"timeOffsets": {[^{}]*{[^{}]*}[^{}]*{[^{}]*}[^{}]*},\n//' \
    -e 's/\n */ /g' "$bundle/config.json" # on one line, as engines write it
sed 's,"/exit","/pause",' "$bundle/config.json" >"$work/other/config.json"

# ---- The plan

# line SCENARIO RUNTIME EVERY TOTAL AT-ONCE COMMAND...
line() {
    local name=$1:$2
    shift 2
    echo "$name" "$@" >>"$work/plan"
}

# starts NAME COMMAND...: what runs one container from beginning to end
starts() {
    local name=$1
    shift
    line run "$name" 1 1 1 "$@"
    line 100-in-sequence "$name" 10 100 1 "$@"
    line 100-at-once "$name" 10 100 100 "$@"
    case $name in
    bwrap | unshare) ;; # no runtimes, and the longest part of all
    *) line 500-at-once "$name" 15 500 500 "$@" ;;
    esac
}

line nothing 'fork+exec' 1 1 1 "$build/exit"
for name in "${oci[@]}"; do
    path=$(path_of "$name")
    starts "$name" "$path" run --bundle "$bundle" @
    line create-start-delete "$name" 1 1 1 "$path" create --bundle "$bundle" @ \
        next "$path" start @ finally "$path" delete --force @
    # Apart: a start of stage 10 looks at those beside it, if they were left.
    "$path" --root "$work/states" run --detach --bundle "$work/other" "bench-$name" </dev/null >>"$log" 2>&1 ||
        fail "$name: $(tail -n 1 "$log")" "$path does not take the config.json that the others take"
    line exec "$name" 1 1 1 "$path" --root "$work/states" exec "bench-$name" /exit
done

pid=$("$program" --root "$work/states" state bench-ten-steps | sed -n 's/^ *"pid": \([0-9]*\).*/\1/p')
group=$cgroups$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
line exec floor 1 1 1 "$build/floor" exec "$pid" "$group" /exit
starts floor "$build/floor" run "$rootfs" @ /exit

for name in "${tools[@]}"; do
    case $name in
    bwrap) starts bwrap bwrap --unshare-pid --unshare-net --unshare-ipc --unshare-uts \
        --unshare-cgroup --bind "$rootfs" / --proc /proc --dev /dev --ro-bind /sys /sys \
        --tmpfs /dev/shm --mqueue /dev/mqueue --cap-drop ALL --chdir / /exit ;;
    unshare) starts unshare unshare --mount --pid --fork --net --ipc --uts --cgroup \
        --mount-proc=/proc --root="$rootfs" /exit ;;
    esac
done

# ---- Once for the caches and the calls, then for the time

calls() {
    strace -f -c -U calls,name -o "$work/strace" "$@" </dev/null >>"$log" 2>&1 || return 0
    awk '/^-/ { inside = !inside } inside && $1 + 0 { n += $1 } END { print n }' "$work/strace"
}

grep -v '^[^ ]*00' "$work/plan" >"$work/warm"
"$build/measure" 2 "$log" <"$work/warm" >/dev/null
"$build/measure" "$rounds" "$log" <"$work/plan" | tee "$results.new" |
    awk '{ printf "\r%d", NR } END { print " measurements" }' >&2
if command -v strace >/dev/null; then
    while read -r name _ _ _ command; do
        case $name in
        run:* | exec:*)
            # shellcheck disable=SC2086 # a list of words
            echo "calls $name $(calls ${command//@/bench-calls})"
            ;;
        esac
    done <"$work/plan" >>"$results.new"
fi

{
    echo "machine cpu $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sort -u | head -n 1)"
    echo "machine cores $(nproc)"
    echo "machine kernel $(uname -sr), $(uname -m)"
    echo "machine date $(date +%Y-%m-%d)"
    echo "machine rounds $rounds"
    [ -z "$without_devices" ] || echo "machine note without CAP_SYS_RESOURCE, hence without device rules"
    for name in "${oci[@]}" "${tools[@]}"; do
        echo "version $name $("$(path_of "$name")" --version | head -n 1)"
    done
} >>"$results.new"

for name in "${oci[@]}"; do
    "$(path_of "$name")" --root "$work/states" delete --force "bench-$name" >>"$log" 2>&1
    left=$("$(path_of "$name")" list --quiet)
    [ -z "$left" ] || echo "left $name $(wc -w <<<"$left")" >>"$results.new"
done

mv "$results.new" "$results"
awk -f "$here/report.awk" "$results" >"$build/results.md"
if command -v gnuplot >/dev/null; then
    awk -v plot=1 -f "$here/report.awk" "$results" >"$build/plot.dat"
    gnuplot -e "data='$build/plot.dat'; out='$build/bench.svg'" "$here/bench.gp"
fi
cat "$build/results.md"
