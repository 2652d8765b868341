#!/bin/sh
# Judges many programs as one stage, and prints one table.
#
#   tests/grade.sh DIR STAGE PATH...
#   tests/grade.sh --look STAGE PATH...     only: can they be judged?
#
# DIR has the test programs.  A PATH is a program, or a directory with one:
# 05-cgroups, 05, or 05/05-cgroups in it, or the only one that is there.  Of
# stage 10 it is a bundle, or a directory with one: bundle, 10 or 10/bundle.
# A relative one is meant from the directory CALLER.
#
# Each has a run of its own (tests/judge.sh), and what was said of it is in
# GRADED (DIR/../graded).  After BUDGET seconds (300) with its lesson, and again
# with the rest, no more of it is tried.  The status is 0 if all of them pass
# the lesson.
set -u
cd "$(dirname "$0")/.." || exit 1
dir=$1 stage=${2#STAGE=}
shift 2
case $stage in [1-9]) stage=0$stage ;; esac
stage=${stage%%-*}
. tests/handed_in.sh

# stop WHAT
stop() {
    echo "grade: $1" >&2
    exit 2
}

# All that is wrong, and not just the first of forty.
look() {
    [ $# -gt 0 ] || stop "say which programs, or directories with one: ./kit grade STAGE=05 handed-in/*"
    wrong=0
    for path; do
        found=$(from_caller "$path")
        if [ ! -e "$found" ]; then
            echo "grade: there is no $path" >&2
            wrong=1
        elif [ -f "$found" ] && [ ! -x "$found" ]; then
            echo "grade: $path is not a program (is it executable?)" >&2
            wrong=1
        fi
    done
    [ $wrong = 0 ] || exit 2
}

# columns TEXT: on a terminal; two for a letter of Korean, in whatever locale
columns() { printf %s "$1" | LC_ALL=C.UTF-8 wc -L; }

# row PATH LESSON REST ATTACKS SECONDS NOTE
row() {
    printf "%s%$((width - $(columns "$1")))s  %-9s  %-9s  %-7s  %4s  %s\n" "$1" '' "$2" "$3" "$4" "$5" "$6" | sed 's/ *$//'
}

# numbers RESULTS PART: "12 of 12"
numbers() {
    awk -F '\t' -v part="$2" '$2 == part && ($1 == "pass" || $1 == "FAIL") { of[$1]++ }
        END { printf "%d of %d", of["pass"], of["pass"] + of["FAIL"] }' "$1"
}

# grade PATH: its row; 0 if it passes the lesson
grade() {
    program=$(program_at "$(from_caller "$1")" "$stage")
    if [ -z "$program" ]; then
        row "$1" - - - - "no program, or more than one: name it"
        return 1
    fi
    # A name for the files of its own, whatever the path.
    file=$graded/$(printf '%02d' "$number")-$(printf %s "$1" | tr -c 'A-Za-z0-9.\n-' _)
    began=$(date +%s)
    kept=$graded/results/$stage/$(realpath -- "$program" | cksum | tr ' ' -)
    rm -f "$kept" # of the same program by another path
    LOG="$file.log" JUDGED="$graded/results" BUDGET=${BUDGET:-300} tests/judge.sh "$dir" "$stage" "$program" > "$file.said" 2>&1 < /dev/null
    verdict=$?
    if [ ! -s "$kept" ]; then
        row "$1" - - - - "not judged: $(tail -n 1 "$file.said")"
        return 1
    fi
    first=$(awk -F '\t' '$1 == "FAIL" && $2 == "core" { gsub("_", " ", $4); print $4; exit }' "$kept")
    row "$1" "$(numbers "$kept" core)" "$(numbers "$kept" rest)" "$(numbers "$kept" attack)" $(($(date +%s) - began)) "${first:+fails: $first}"
    rm -f "$file.said"
    return $verdict
}

look "$@"
[ "$dir" != --look ] || exit 0
graded=${GRADED:-$(dirname "$dir")/graded}/$stage
rm -rf "$graded"
mkdir -p "$graded" || exit 1
unset TAP JUNIT PROGRAM
width=7
for path; do
    wide=$(columns "$path")
    [ "$wide" -le "$width" ] || width=$wide
done
row program lesson rest attacks s "the first test of the lesson that fails"
number=0 passed=0
for path; do
    number=$((number + 1))
    ! grade "$path" || passed=$((passed + 1))
done
rm -rf "$graded/results"
echo
echo "$passed of $number pass the lesson of stage $stage. All that was said of each is in $graded."
[ $passed = $number ]
