#!/bin/sh
# Runs the tests and adds up what they say.
#
#   tests/check.sh DIR [STAGE [PROGRAM]]
#
# DIR has the test programs.  With a STAGE only its tests run, with a PROGRAM
# they judge that program instead of ours.  A relative PROGRAM is meant from
# the directory CALLER.
#
# With QUICK set: only the tests of isolation, podman, and the attacks, which
# is what an emulated guest has time for.
set -u
QUICK=${QUICK-}
dir=$1 stage=${2-} program=${3-}

# stop STATUS WHAT
stop() {
    echo "make check: $2" >&2
    exit "$1"
}

[ "$(id -u)" = 0 ] || stop 1 "the tests make namespaces: run as root (sudo)"
if [ -n "$program" ]; then
    [ -n "$stage" ] || stop 2 "say of which stage $program is: STAGE=05"
    PROGRAM=$(cd "${CALLER:-.}" && realpath -e "$program") || exit 2
    if [ ! -f "$PROGRAM" ] || [ ! -x "$PROGRAM" ]; then
        stop 2 "$PROGRAM is not a program (is it executable?)"
    fi
    export PROGRAM
fi
tests=$(find "$dir" -name "test_${stage:+$stage}*" -perm -u+x -type f | sort)
[ -n "$tests" ] || stop 2 "there are no tests of stage $stage"

log=$(mktemp)
trap 'rm -f "$log" "$log".*' EXIT
: > "$log.all"

# count COMMAND...: run it, show its output, keep its totals
count() {
    "$@" | tee "$log.one"
    cat "$log.one" >> "$log.all"
    tail -n 1 "$log.one" | grep -E '^[0-9]+ passed, [0-9]+ failed' >> "$log" ||
        echo "0 passed, 1 failed, 0 skipped ($1 ended without its totals)" | tee -a "$log"
}

section() {
    printf '\n== %s\n' "$1"
    shift
    count "$@"
}

for test in $tests; do
    section "$(basename "$test")" "$test" ${QUICK:+isolation}
done
if [ -n "$program" ]; then
    printf '\n== %s as stage %s\n' "$PROGRAM" "$stage"
    awk '$1 == "pass" || $1 == "FAIL" { of[$1]++ }
         $1 == "FAIL" { todo = todo "\n  " $3 }
         END {
            printf "%d of %d tests pass%s\n", of["pass"], of["pass"] + of["FAIL"],
                todo ? "; not yet:" todo : ""
         }' "$log.all"
elif [ -z "$QUICK" ]; then
    section "the ladder: each test of isolation against the stage before" \
        tests/ladder.sh "$dir" "$stage"
fi
# Engines and bundles, on a host each.  What hangs is ended.
if [ "${stage:-10}" = 10 ] && [ -x "$BIN/10-full-container" ]; then
    for each in podman docker containerd; do
        [ -z "$QUICK" ] || [ "$each" = podman ] || continue
        section "stage 10 as the runtime of $each" \
            timeout --foreground 900 "$dir/oci/on_host" "tests/oci/$each.sh"
    done
    [ -n "$QUICK" ] || section "the example bundles" \
        timeout --foreground 900 "$dir/oci/on_host" tests/oci/bundles.sh
    section "systemd's cgroup manager" timeout --foreground 900 tests/oci/systemd.sh
    [ -n "$QUICK" ] || section "containers of an ordinary user" \
        timeout --foreground 900 "$dir/oci/on_host" tests/oci/rootless.sh
fi
if [ -z "$stage" ]; then
    section "the attacks" tests/attacks/run.sh "$BIN" "$dir/attacks"
    section "attacks on the machine itself" tests/attacks/machine.sh "$BIN" "$dir/attacks"
    section "the doctor" tests/doctor.sh
fi
if [ -z "$stage$QUICK" ]; then
    section "wrong tests, which have to fail" "$dir/faulty/tests" --faulty
    section "the starting points of make start" tests/start.sh "$dir"
    section "the attacks on OCI runtimes" tests/attacks/oci/run.sh "$BIN" "$dir/attacks"
    section "the examples of --help" tests/help_examples.sh "$BIN" "$ROOTFS"
    section "the commands of the tutorial" tests/tutorial.sh
fi

if ! awk '$3 > 0 { exit 1 }' "$log"; then
    printf '\n== does this machine explain a failure?\n'
    tools/doctor.sh --trouble
fi

echo
awk '{ p += $1; f += $3; s += $5 }
     END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }' "$log"
