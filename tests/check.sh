#!/bin/sh
# Runs the tests and adds up what they say.
#
#   tests/check.sh DIR [STAGE [PROGRAM]]
#
# DIR has the test programs.  With a STAGE only its tests run, with a PROGRAM
# they judge that program instead of ours.  A relative PROGRAM is meant from
# the directory CALLER.
#
# ONLY, in the environment, is a list of what to run: numbers of stages, of
# which it runs the tests of isolation; names of test programs, which it runs
# whole (test_10_update); and names of sections (see below).  That is what an
# emulated guest has time for.
set -u
ONLY=${ONLY-}
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

# What tests cover with mounts of their own, which must not reach this machine.
covered() {
    awk '{ print $5 }' /proc/self/mountinfo | grep -E '^/(run|mnt|media|tmp|proc|etc|etc/.*|dev/null)$' | sort
}

# count COMMAND...: run it, show its output, keep its totals
count() {
    before=$(covered)
    "$@" | tee "$log.one"
    cat "$log.one" >> "$log.all"
    [ "$before" = "$(covered)" ] ||
        echo "0 passed, 1 failed, 0 skipped ($1 left a mount on this machine)" | tee -a "$log"
    tail -n 1 "$log.one" | grep -E '^[0-9]+ passed, [0-9]+ failed' >> "$log" ||
        echo "0 passed, 1 failed, 0 skipped ($1 ended without its totals)" | tee -a "$log"
}

# wanted WORD
wanted() {
    [ -z "$ONLY" ] || case " $ONLY " in *" $1 "*) ;; *) return 1 ;; esac
}

# section WORD TITLE COMMAND...: if it is wanted.
section() {
    wanted "$1" || return 0
    printf '\n== %s\n' "$2"
    shift 2
    count "$@"
}

for test in $tests; do
    name=$(basename "$test")
    number=${name#test_}
    if wanted "$name"; then
        section "$name" "$name" "$test"
    else
        section "${number%%_*}" "$name" "$test" isolation
    fi
done
if [ -n "$program" ]; then
    printf '\n== %s as stage %s\n' "$PROGRAM" "$stage"
    awk '$1 == "pass" || $1 == "FAIL" { of[$1]++ }
         $1 == "FAIL" { todo = todo "\n  " $3 }
         END {
            printf "%d of %d tests pass%s\n", of["pass"], of["pass"] + of["FAIL"],
                todo ? "; not yet:" todo : ""
         }' "$log.all"
else
    section ladder "the ladder: each test of isolation against the stage before" \
        tests/ladder.sh "$dir" "$stage"
fi
# Engines and bundles, on a host each.  What hangs is ended: after PATIENCE
# seconds, of which an emulated machine needs more.
limited() {
    timeout --foreground "${PATIENCE:-900}" "$@"
}
if [ "${stage:-10}" = 10 ] && [ -x "$BIN/10-full-container" ]; then
    for each in podman docker containerd; do
        section $each "stage 10 as the runtime of $each" \
            limited "$dir/oci/on_host" "tests/oci/$each.sh"
    done
    section bundles "the example bundles" limited "$dir/oci/on_host" tests/oci/bundles.sh
    section systemd "systemd's cgroup manager" limited tests/oci/systemd.sh
    section rootless "containers of an ordinary user" \
        limited "$dir/oci/on_host" tests/oci/rootless.sh
fi
if [ -z "$stage" ]; then
    section faulty "wrong tests, which have to fail" "$dir/faulty/tests" --faulty
    section start "the starting points of make start" tests/start.sh "$dir"
    section attacks "the attacks" tests/attacks/run.sh "$BIN" "$dir/attacks"
    section machine "attacks on the machine itself" tests/attacks/machine.sh "$BIN" "$dir/attacks"
    section runtimes "the attacks on OCI runtimes" tests/attacks/oci/run.sh "$BIN" "$dir/attacks"
    section doctor "the doctor" tests/doctor.sh
    [ -z "$ONLY" ] || section doctor-here "the doctor of this machine" tests/doctor.sh here
    section help "the examples of --help" tests/help_examples.sh "$BIN" "$ROOTFS"
    section tutorial "the commands of the tutorial" tests/tutorial.sh
fi

if ! awk '$3 > 0 { exit 1 }' "$log"; then
    printf '\n== does this machine explain a failure?\n'
    tools/doctor.sh --trouble
fi

echo
awk '{ p += $1; f += $3; s += $5 }
     END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }' "$log"
