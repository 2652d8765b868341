#!/bin/sh
# What was written in this clone, stage by stage, and how it was judged.
#
#   tools/progress.sh [STAGE]
#
# It reads what ./kit check PROGRAM=... left in JUDGED (build/judged), and needs
# no root.  mine/NN is where make start puts a stage to write.
set -eu
cd "$(dirname "$0")/.."
judged=${JUDGED:-build/judged} mine=${MINE:-mine}

# row FILE PATH NOTE: the lesson as a bar of twelve, and the numbers
row() {
    PROGRAM=$2 awk -F '\t' -v stage="$stage" -v note="$3" '
        $1 == "pass" || $1 == "FAIL" { all[$2]++ }
        $1 == "pass" { good[$2]++ }
        function of(part) { return all[part] ? good[part] + 0 " of " all[part] : "-" }
        END {
            full = all["core"] ? int(12 * good["core"] / all["core"]) : 0
            for (i = 1; i <= 12; i++) bar = bar (i <= full ? "#" : ".")
            printf "%s  %s  %-8s  %-8s  %-7s  %s%s\n", stage, bar, of("core"), of("rest"), of("attack"), ENVIRON["PROGRAM"], note
        }' "$1"
}

# nothing PATH WHAT
nothing() {
    printf '%s  %s  %-8s  %-8s  %-7s  %s%s\n' "$stage" '            ' - - - "$1" "$2"
}

# passes FILE: all of the lesson
passes() {
    awk -F '\t' '$2 == "core" && $1 == "pass" { good = 1 }
        $2 == "core" && $1 == "FAIL" { bad = 1 }
        END { exit bad || !good }' "$1"
}

# judged_programs: a row for each that is there; sets $rows and $passed
judged_programs() {
    rows=0 passed=0
    for file in "$judged/$stage"/*; do
        [ -f "$file" ] || continue
        program=$(sed -n '1s/^program	//p' "$file")
        [ -e "$program" ] || continue
        rows=$((rows + 1))
        note=
        [ -z "$(find "$program" -newer "$file")" ] || note=" (changed since)"
        ! passes "$file" || passed=1
        row "$file" "${program#"$PWD"/}" "$note"
    done
}

lessons=0
echo "    the lesson              the rest  attacks"
for directory in exercises/[01][0-9]-*; do
    stage=$(basename "$directory" | cut -c 1-2)
    [ "${1-$stage}" = "$stage" ] || continue
    judged_programs
    lessons=$((lessons + passed))
    [ $rows = 0 ] || continue
    if [ -e "$mine/$stage" ]; then
        nothing "$mine/$stage" " (not judged yet)"
    else
        nothing "" "(not begun)"
    fi
done
echo
[ -n "${1-}" ] || echo "Lessons passed: $lessons of 10."
if [ "${1-}" = 10 ]; then
    echo "To begin it: exercises/10-full-container/README.md"
else
    echo "To begin one: make start STAGE=${1-05} DIR=$mine/${1-05}"
fi
echo "To judge one: sudo ./kit check STAGE=${1-05} PROGRAM=$mine/${1-05}/..."
