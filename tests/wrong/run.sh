#!/bin/sh
# Wrong programs, each with one mistake: a named test of the lesson has to
# refuse each, with words that name the mistake.  And idle ones, which do nothing
# of what is asked for: of the lesson they pass no test but those in idle.txt.
#
#   tests/wrong/run.sh DIR [NUMBER]...
#
# DIR has the test programs.  A mistake is a change to a solution, in NN.txt
# (of 10 to the script that makes the bundle):
#
#     # what is wrong
#     the_test_that_refuses_it: a piece of its message
#     the change: see change.awk
#
# BIN, ROOTFS and ATTACKS, in the environment, are as for the tests.
set -u
dir=$1
shift
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
passed=0 failed=0 skipped=0

# wrong WHAT: this program was not refused as it should be.
wrong() {
    failed=$((failed + 1))
    printf 'FAIL  %s %s\n      %s\n' "$number" "$mistake" "$1"
}

# Each mistake as three files: what, test, and script.
split_table() {
    awk -v work="$work" 'BEGIN { RS = ""; FS = "\n" }
        { name = work "/" NR
          print substr($1, 3) > (name ".what")
          print $2 > (name ".test")
          for (i = 3; i <= NF; i++) print $i > (name ".change") }' "$1"
}

build() {
    awk -f tests/wrong/change.awk "$2.change" "$1" > "$2.c" 2> "$2.log" || return
    libraries=
    case $number in
    07) libraries=-lcap ;;
    09) libraries=-lseccomp ;;
    10)
        sh "$2.c" "$2" "$ROOTFS" 2> "$2.log"
        return
        ;;
    esac
    "${CC:-cc}" -std=gnu11 -w -D_GNU_SOURCE -o "$2" "$2.c" $libraries 2> "$2.log"
}

# The program that has this test of the lesson.
program_of() {
    for each in "$dir/$number"-*/test_"$number"*; do
        case $each in *.o | *.d) continue ;; esac
        tr -s ' \n\t' ' ' < "tests/${each#"$dir"/}.c" |
            grep -q "\"core [a-z]*\", &$1 }" && echo "$each"
    done
}

# judge SOLUTION NAME
judge() {
    test=$(sed 's/:.*//' "$2.test") piece=$(sed 's/^[^:]*: *//' "$2.test")
    program=$(program_of "$test")
    if ! build "$1" "$2"; then
        wrong "the change cannot be made, or built: $(head -n 1 "$2.log" 2>&1)"
    elif [ -z "$program" ]; then
        wrong "$test is no test of the lesson"
    else
        said=$(PROGRAM=$2 "$program" "$test")
        case $said in
        pass*) wrong "it passes $test" ;;
        skip*) skipped=$((skipped + 1)) && echo "$said" | head -n 1 ;;
        FAIL*"$piece"*) passed=$((passed + 1)) ;;
        *) wrong "$test does not say \"$piece\": $(echo "$said" | head -n 6)" ;;
        esac
    fi
}

# tests_passed: by the program $work/idle, of the lesson
tests_passed() {
    for each in "$dir/$number"-*/test_"$number"*; do
        case $each in *.o | *.d) continue ;; esac
        PROGRAM=$work/idle "$each" core
    done | sed -n 's/^pass  *[0-9]* //p'
}

# idle WHAT SCRIPT [FILE]: what such a program passes is in FILE, stage and name
idle() {
    mistake="a program that $1"
    printf '#!/bin/sh\n%s\n' "$2" > "$work/idle"
    chmod 755 "$work/idle"
    looked=$(tests_passed | sort)
    right=$(sed -n "s/^$number \([^:]*\):.*/\1/p" "${3:-/dev/null}" | sort)
    if [ "$looked" = "$right" ]; then
        passed=$((passed + 1))
    else
        wrong "it passes:
$looked
and is to pass:
$right"
    fi
}

# shellcheck disable=SC2016 # for that shell
all_idle() {
    idle "ends with 0" 'exit 0'
    idle "ends with 1" 'exit 1'
    idle "runs the command as it is" 'while :; do
    case $1 in
    --init) shift ;;
    -*) shift 2 ;;
    *) exec "$@" ;;
    esac
done' tests/wrong/idle.txt
}

for table in tests/wrong/[0-9]*.txt; do
    number=$(basename "$table" .txt)
    case " $* " in "  " | *" $number "*) ;; *) continue ;; esac
    if [ "$number" = 05 ] && ! grep -qs memory /sys/fs/cgroup/cgroup.controllers; then
        skipped=$((skipped + 1))
        echo "skip  $number: the solution knows version 2 of cgroups only, which has no memory here"
        continue
    fi
    rm -rf "${work:?}"/*
    split_table "$table"
    for what in "$work"/*.what; do
        mistake=$(cat "$what")
        judge exercises/"$number"-*/solution.* "${what%.what}"
    done
    [ "$number" = 10 ] || all_idle
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
