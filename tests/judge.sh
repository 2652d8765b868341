#!/bin/sh
# Judges somebody's program as one stage's tests see it.
#
#   tests/judge.sh DIR STAGE PROGRAM
#   tests/judge.sh --look STAGE PROGRAM     only: can it be judged?
#
# PROGRAM may be the directory that it is in, as 05-cgroups or alone.  Of stage 10
# a directory is a bundle, that of the exercise; a program is a runtime, which all
# of the stage's tests judge.
#
# DIR has the test programs.  A relative path is meant from the directory CALLER.
# In the environment: TAP and JUNIT are files to write, for other programs to
# read; LOG is where all that is said is kept (DIR/../check.log); ATTACK_SECONDS
# is how long attacks are tried at most (100; 0: not at all).  PARTS=core is the
# lesson alone, for a machine that is slow.
#
# What each test said stays in JUDGED (DIR/../judged), for ./kit progress.
set -u
. tests/handed_in.sh
. tests/tests_of.sh

# stop STATUS WHAT
stop() {
    echo "make check: $2" >&2
    exit "$1"
}

# can_write FILE: before half an hour is spent on what goes into it.
can_write() {
    [ ! -d "$1" ] || stop 2 "$1 is a directory, not a file to write"
    [ -d "$(dirname "$1")" ] || stop 2 "there is no directory $(dirname "$1") to write $(basename "$1") in"
}

look() {
    [ -n "$stage" ] || stop 2 "say of which stage $program is: STAGE=05"
    [ -e "$program" ] || stop 2 "there is no $program"
    if [ -d "$program" ]; then
        found=$(program_at "$program" "$stage")
        if [ -z "$found" ]; then
            [ "$stage" != 10 ] || stop 2 "$program has no config.json: a bundle is a directory with one"
            stop 2 "$program is a directory with no program, or with more than one: is it built? (make -C DIRECTORY), else PROGRAM=$3/$(basename "$stage"-*)"
        fi
        program=$found
    elif [ ! -f "$program" ] || [ ! -x "$program" ]; then
        stop 2 "$program is not a program (is it executable?)"
    fi
    program=$(realpath -- "$program")
    for file in "${TAP:+$(from_caller "$TAP")}" "${JUNIT:+$(from_caller "$JUNIT")}"; do
        [ -z "$file" ] || can_write "$file"
    done
}

dir=$1 stage=$2 program=$(from_caller "$3")
case $stage in [1-9]) stage=0$stage ;; esac
stage=${stage%%-*}
look "$@"
[ "$dir" != --look ] || exit 0
number=$stage
if [ -d "$program" ]; then
    [ -x "$BIN/10-full-container" ] || stop 2 "stage 10 is not built, and that runs a bundle: sudo ./kit check"
    number=10_bundle
fi
tests=$(tests_of "$dir" "$number")
[ -n "$tests" ] || stop 2 "there are no tests of stage $stage"
log=$(mktemp)
trap 'rm -f "$log" "$log".*' EXIT
trap 'exit 130' INT TERM HUP
all=${LOG:-$(dirname "$dir")/check.log}
: > "$all" || stop 1 "$all cannot be written"
export RESULTS="$log.results" PROGRAM="$program"
: > "$RESULTS"

say() {
    printf '%s\n' "$*" | tee -a "$all"
}

# The lesson is what the exercise asks for; of the rest a right answer may have
# nothing, and what it has no option for is not judged.
judge_part() {
    for test in $tests; do
        "$test" "$1"
    done | tee "$log.$1" | grep -vE '^[0-9]+ passed, '
    cat "$log.$1" >> "$all"
    [ "$(grep -cE '^[0-9]+ passed, ' "$log.$1")" = "$(echo "$tests" | wc -l)" ] || {
        echo "FAIL  a program of tests ended without its totals" | tee -a "$log.$1"
        printf 'FAIL\t%s\t%s\tthe_tests_come_to_their_end\t0\t\ta program of tests ended without its totals\n' \
            "$1" "$stage" >> "$RESULTS"
    }
}

# The attacks that this stage is there to stop, on a host of their own.  They
# show what the program is good for; the lesson alone decides.
judge_attacks() {
    : > "$log.attack"
    seconds=${ATTACK_SECONDS:-100}
    if [ ! -x "$dir/oci/on_host" ] || [ "$stage" = 10 ] || [ "$seconds" = 0 ]; then return; fi
    say "
== the attacks that this stage stops"
    # shellcheck disable=SC2016 # for that shell
    "$dir/oci/on_host" timeout -k 5 "$seconds" sh -c \
        'tests/attacks/run.sh "$BIN" "$ATTACKS" "$1"' sh "$stage" < /dev/null > "$log.attack"
    tail -n 1 "$log.attack" | grep -qE '^[0-9]+ passed, ' ||
        echo "FAIL  $stage attacks: they come to no end, or there is no host for them" >> "$log.attack"
    grep -vE '^[0-9]+ passed, ' "$log.attack" | tee -a "$all"
}

# part_total PART: "12 of 12"
part_total() {
    awk '$1 == "pass" || $1 == "FAIL" { of[$1]++ }
         $1 == "skip" || $1 == "n/a" { more[$1]++ }
         END {
            printf "%d of %d", of["pass"], of["pass"] + of["FAIL"]
            if (more["skip"]) printf ", %d skipped", more["skip"]
            if (more["n/a"]) printf ", %d not judged", more["n/a"]
         }' "$log.$1"
}

# What ./kit progress and ./kit grade read.
keep() {
    printf 'program\t%s\n' "$PROGRAM"
    cat "$RESULTS"
    sed -n 's/^\([a-zA-Z]*\)  *\([0-9]*\) \([a-z0-9]*\): \(.*\)/\1\tattack\t\2\t\3\t0\t\t\4/p' "$log.attack"
}

# report FORM FILE: a program may print anything, and these are UTF-8.
report() {
    iconv -c -f UTF-8 -t UTF-8 "$RESULTS" |
        PROGRAM=$PROGRAM awk -v form="$1" -v stage="$(basename "$stage"-*)" \
            -v date="$(date -u +%Y-%m-%dT%H:%M:%S)" -f tests/report.awk > "$2" ||
        stop 1 "$2 cannot be written"
}

say "== the lesson: what the exercise asks for"
judge_part core
total="the lesson: $(part_total core)"
if [ "${PARTS-}" != core ]; then
    say "
== the rest: wrong words, sweeping up, options that the exercise does not ask for"
    judge_part rest
    total="$total; the rest: $(part_total rest)"
fi
judge_attacks
say "
== $PROGRAM as stage $stage
$total"
! grep -q '^FAIL' "$log.core" || say "see: TUTORIAL.md, \"$(sed -n "s/^## \($stage .*\)/\1/p" TUTORIAL.md)\"; exercises/$(basename "$stage"-*)/README.md; ./kit hint $stage"
[ ! -s "$log.attack" ] || say "attacks stopped: $(part_total attack)"
say "All that was said is in $all."
[ -z "${TAP-}" ] || report tap "$(from_caller "$TAP")"
[ -z "${JUNIT-}" ] || report junit "$(from_caller "$JUNIT")"
kept=${JUDGED:-$(dirname "$dir")/judged}/$stage
mkdir -p "$kept" &&
    keep > "$kept/$(echo "$PROGRAM" | cksum | tr ' ' -)"
! grep -q '^FAIL' "$log.core"
