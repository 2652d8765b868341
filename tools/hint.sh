#!/bin/sh
# For who writes an exercise.
#
#   tools/hint.sh hint 05     the next hint; after the third, all of them
#   tools/hint.sh after 05    when it is solved: what the kit does besides
set -eu
cd "$(dirname "$0")/.."
word=$1 number=${2-}
number=${number#STAGE=}
number=${number%%-*}
case $number in [1-9]) number=0$number ;; esac
directory=$(echo exercises/"$number"-*)
if [ ! -f "$directory/hints.txt" ]; then
    echo "kit: say which exercise: ./kit $word 05 (they are 01 to 09)" >&2
    exit 2
fi
if [ "$word" = after ]; then
    cat "$directory/after.txt"
    echo
    echo "A solution in one file: $directory/solution.c"
    echo "The kit's own: $(basename "$directory")/README.md is the map; make diff STAGE=$number"
    exit
fi

# How many were shown: in build/, so that a new clone begins anew.
shown=build/hints/$number
count=$(($(cat "$shown" 2> /dev/null || echo 0) + 1))
mkdir -p build/hints
# Paragraphs of the file.
awk -v wanted=$count 'BEGIN { RS = "" }
    NR == wanted || wanted > 3 {
        if (NR != 1 && wanted > 3) print ""
        print NR ". " $0
    }' \
    "$directory/hints.txt"
echo
case $count in
1 | 2) echo "The next one is nearer: ./kit hint $number" ;;
3) echo "That was the last one. A solution: $directory/solution.c" ;;
*) echo "These are all. A solution: $directory/solution.c" ;;
esac
[ $count -gt 3 ] || echo $count > "$shown"
