#!/usr/bin/env bash
# The page in a real browser:  web/tests/run.sh [CHAPTER]...     (01 02 ...; without: all)
#
# build/web is there already (./kit web --test).  It is served on a port of its own;
# Chromium is Debian's.  The last line is the totals.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v chromium >/dev/null || { echo "web: not tried: there is no chromium here"; exit 75; }
node --test web/tests/unit/ >build/web-unit.log || { tail -n 40 build/web-unit.log; exit 1; }
exec node web/tests/browser.mjs "$@"
