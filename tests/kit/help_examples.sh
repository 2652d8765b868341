#!/bin/sh
# Does the example in each program's --help work as it is printed?
#
#   tests/kit/help_examples.sh BIN ROOTFS      (as root)
#
# Each runs on a host of its own: new namespaces, so that nothing of this
# machine is used or changed.
set -eu
# shellcheck source=tests/verdict.sh
. "$(dirname "$0")/../verdict.sh"

bin=$1 rootfs=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

# shellcheck disable=SC2016 # "$@" is for the script that is written
printf '#!/bin/sh\nexec "$@"\n' >"$scratch/sudo"
chmod +x "$scratch/sudo"
for program in "$bin"/[01][0-9]-*; do
    example=$("$program" --help | sed -n '/^Try:/{n;s/^ *//p}')
    # Another build of the kit may be meant where the text says bin/, build/.
    command=$(echo "$example" | sed "s| bin/| $bin/|g; s| build/rootfs| $rootfs|g")
    wrong=
    PATH=$scratch:$PATH unshare --mount --uts --ipc --net --pid --fork \
        --kill-child --mount-proc sh -c "mount -t tmpfs tmpfs /run; ip link set lo up
            $command" >"$scratch/out" 2>&1 </dev/null || wrong=$example
    [ -n "$example" ] || wrong="its --help has no example"
    judge "${program##*/}" "$wrong" "$scratch/out"
done
totals
