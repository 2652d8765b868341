#!/bin/sh
# Runs the tests and adds up what they say.
#
#   tests/check.sh DIR [STAGE [PROGRAM]]
#
# DIR has the test programs.  With a STAGE only its tests run, with a PROGRAM
# they judge that program instead of ours.
set -u
dir=$1 stage=${2-} program=${3-}

if [ "$(id -u)" != 0 ]; then
    echo "make check: the tests make namespaces: run as root (sudo)" >&2
    exit 1
fi
if [ -n "$program" ]; then
    PROGRAM=$(realpath -e "$program") || exit 1
    export PROGRAM
    if [ -z "$stage" ]; then
        echo "make check: say of which stage $program is: STAGE=05" >&2
        exit 2
    fi
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# count COMMAND...: run it, show its output, keep its last line
count() {
    { "$@" || echo "status $?" >&3; } 3>> "$log.status" | tee "$log.one"
    tail -n 1 "$log.one" | grep -E '^[0-9]+ passed, [0-9]+ failed' >> "$log" ||
        echo "0 passed, 1 failed, 0 skipped ($1 ended without its totals)" | tee -a "$log"
}

for test in "$dir"/test_*; do
    case $test in *.o | *.d | *.c) continue ;; *_"${stage:-}"*) ;; *) continue ;; esac
    echo
    echo "== $(basename "$test")"
    count "$test"
done
if [ -z "$stage" ]; then
    echo
    echo "== the ladder: each stage's tests against the stage before"
    count tests/ladder.sh "$dir"
    echo
    echo "== the attacks"
    count tests/attacks/run.sh "$BIN" "$dir/attacks"
    echo
    echo "== the examples of --help"
    count tests/help_examples.sh "$BIN" "$ROOTFS"
    echo
    echo "== the commands of the tutorial"
    count tests/tutorial.sh
fi
rm -f "$log.one" "$log.status"

echo
awk '{ p += $1; f += $3; s += $5 }
     END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }' "$log"
