#!/bin/sh
# Run the injector, and say what it has found.
#
#   run.sh INJECT DIR CASES TIME SEED     (see mk/faults.mk)
#
# DIR has what was found, also by runs before.  All cases, to their ends, make
# docs/FAULTS.md.  It fails if something is wrong that is no known exception, or
# if something could not be tried; the last lines say which.
set -u
inject=$1 dir=$2 cases=$3 seconds=$4 seed=$5
[ "$(id -u)" = 0 ] || { echo "faults: it makes hosts of namespaces: run as root (sudo)" >&2; exit 1; }

status=0
rm -f "$dir/report"
"$inject" --kept "$dir" --cases "$cases" --seconds "${seconds:-0}" --seed "$seed" || status=$?
commit=$(git rev-parse --short HEAD 2>/dev/null)
[ -z "$(git status --porcelain -uno 2>/dev/null)" ] || commit="$commit and changes"
report() { awk -v what="$1" -v commit="$commit" -f tests/faults/report.awk tests/faults/known.txt "$dir"/*.plan "$dir"/*.tsv; }
if [ -z "$cases$seconds" ] && [ $status = 0 ]; then
    sed '/<!-- table -->/q' docs/FAULTS.md >docs/FAULTS.md.new
    report document >>docs/FAULTS.md.new
    mv docs/FAULTS.md.new docs/FAULTS.md
fi
wrong=0
report summary || wrong=1
[ $status = 0 ] && exit $wrong

echo "not all could be tried: the injector ended with status $status; what could not go on, and how it ended:"
cat "$dir/report"
exit 1
