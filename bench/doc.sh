#!/bin/sh
# Put the last results of `make bench` into the document:  doc.sh BUILD FILE
set -eu
[ -s "$1/results.md" ] || { echo "bench: no results yet: sudo make bench" >&2; exit 1; }
awk -v results="$1/results.md" '
    /<!-- end of what make bench printed -->/ { inside = 0 }
    !inside { print }
    /<!-- what make bench printed -->/ {
        inside = 1
        print ""
        while ((getline line <results) > 0)
            print line
        print ""
    }' "$2" >"$2.new"
mv "$2.new" "$2"
[ ! -s "$1/bench.svg" ] || cp "$1/bench.svg" "$(dirname "$2")/bench.svg"
