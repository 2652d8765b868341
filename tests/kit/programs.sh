#!/bin/sh
# The tests, as they judge anybody's program: here each stage's own one and
# the solution of its exercise.  They must not know that these are ours.
#
#   tests/kit/programs.sh DIR [PART]
#
# DIR has the test programs; BIN, in the environment, the stages.  A solution is
# judged by the lesson alone, our programs by PART (core, or all).
set -u
. tests/tests_of.sh
dir=$1
shift
log=$(mktemp)
trap 'rm -rf "$log" "$log.bundle"' EXIT
trap 'exit 130' INT TERM HUP

# judge PROGRAM [PART]: as the stage $number
judge() {
    program=$1
    shift
    for test in $(tests_of "$dir" "$number"); do
        PROGRAM=$program "$test" "$@"
    done
}

# The solution of 10 is a bundle, and a script that makes it.
judge_bundle() {
    if sh exercises/10-full-container/solution.sh "$log.bundle" "$ROOTFS"; then
        number=10_bundle
        judge "$log.bundle" core
    else
        echo "FAIL  10 the solution makes no bundle"
        echo "0 passed, 1 failed, 0 skipped"
    fi
}

for program in "$BIN"/0[1-9]-*; do
    number=$(basename "$program" | cut -c1-2)
    judge "$program" "$@"
    solution=$(dirname "$dir")/exercises/$number
    if [ ! -x "$solution" ]; then
        echo "skip  the solution of $number: it is not built"
    elif [ "$number" = 05 ] && ! grep -qs memory /sys/fs/cgroup/cgroup.controllers; then
        echo "skip  the solution of 05: it knows version 2 of cgroups only, which has no memory here"
    else
        judge "$(realpath "$solution")" core
    fi
done > "$log"
[ ! -x "$BIN/10-full-container" ] || judge_bundle >> "$log"
grep -vE '^(pass |skip  [0-9]|n/a |[0-9]+ passed, )' "$log"
awk '/^[0-9]+ passed, / { p += $1; f += $3; s += $5 }
     /^skip  the / { s++ }
     END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }' "$log"
