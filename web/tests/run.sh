#!/usr/bin/env bash
# The page in a real browser:  web/tests/run.sh [CHAPTER]...     (01 02 ...; without: all)
#                              web/tests/run.sh inside
#
# inside: the stages' tests of isolation in its machine, under Node; for
# docs/MATRIX.md (./kit check-vm --table) it keeps what was said.
#
# build/web is there already (./kit web --test).  It is served on a port of its own;
# Chromium is Debian's.  The last line is the totals.
set -euo pipefail
cd "$(dirname "$0")/../.."

inside() {
    local began=$SECONDS status=0 log=build/vm/i386.log
    mkdir -p build/vm
    {
        echo "guest: i386"
        echo "date: $(date -u '+%Y-%m-%d %H:%M')"
        echo "kit: $(git -c safe.directory='*' describe --always --dirty 2>/dev/null || echo "no commit")"
        echo "set: quick"
        node web/tests/inside.mjs "uname -srm; CK_TIMEOUT_MULTIPLIER=20 ONLY='01 02 03 04 05 06 07 08 09 10' tests/check.sh build/tests" || status=$?
        echo "seconds: $((SECONDS - began))"
        echo "status: $status"
    } | tee $log
    ! grep -q '^status: [^0]' $log
}

[ "${1-}" != inside ] || { inside; exit; }
command -v chromium >/dev/null || { echo "web: not tried: there is no chromium here"; exit 75; }
node --test web/tests/unit/ >build/web-unit.log || { tail -n 40 build/web-unit.log; exit 1; }
exec node web/tests/browser.mjs "$@"
