#!/bin/sh
# Fuzz the targets, most of the time the first: config.json is the largest.
#
#   tests/fuzz/run.sh DIR SECONDS TARGET...     DIR has the programs
#
# New inputs are kept in DIR/corpus; those in tests/fuzz/corpus are only read.
# A crash is a file in DIR, and `DIR/TARGET FILE` shows it again.
set -u
dir=$1 seconds=$2
shift 2
here=$(dirname "$0")
status=0 share=$((seconds * 4 / 5)) first=$1

for target in "$@"; do
    [ "$target" = "$first" ] || share=$(((seconds - seconds * 4 / 5) / ($# - 1)))
    mkdir -p "$dir/corpus/$target"
    printf '== %s, %d s\n' "$target" "$share"
    "$dir/$target" -dict="$here/spec.dict" -max_total_time="$share" -timeout=60 \
        -max_len=65536 -print_final_stats=1 -verbosity=0 -close_fd_mask=1 \
        -artifact_prefix="$dir/crash-$target-" \
        "$dir/corpus/$target" "$here/corpus/$target" || status=1
done
rm -rf /dev/shm/fuzz.*
exit $status
