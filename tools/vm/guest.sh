#!/usr/bin/env bash
# Run a command on a copy of this clone in a guest:
#
#   tools/vm/guest.sh NAME COMMAND            as the learner, who has sudo
#   tools/vm/guest.sh --root NAME COMMAND     as root
#   tools/vm/guest.sh --keep ... NAME COMMAND leave it running for the next one
#   tools/vm/guest.sh --stop NAME             end one that was kept
#   tools/vm/guest.sh --clone DIR ... NAME    a copy of DIR instead
#
# The guest begins as its image was built, unless it was kept; the clone is
# copied anew each time.  NAMEs: tools/vm/guests.sh.  The status is COMMAND's.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/vm/lib.sh
. tools/vm/accel.sh
. tools/vm/machine.sh
. tools/vm/push.sh
. tools/vm/guests.sh

user=learner keep='' stop='' clone=$PWD
while [ $# -gt 0 ]; do
    case $1 in
    --root) user=root ;;
    --keep) keep=1 ;;
    --stop) stop=1 ;;
    --clone) clone=$(realpath "$2") && shift ;;
    --*) fail "$1 is no option" "see the head of $0" ;;
    *) break ;;
    esac
    shift
done
name=${1-}
guest_about "$name" >/dev/null || fail "\"$name\" is no guest" "guests: $guests_all"
shift
dir=$vm_home/guests/$name-$(basename "$clone")
tools/vm/image.sh "$(guest_image "$name")"
exec 8>"$vm_home/guests-$name-$(basename "$clone").lock"
flock -n 8 || fail "$name runs already for $clone" "wait, or stop the other one"
machine_plan "$(guest_image "$name")" "$(guest_kernel "$name")"
if [ -n "$stop" ]; then
    machine_stop "$dir"
    rm -rf "$dir"
    exit
fi

# Whatever ends this: no machine runs on that was not to be kept.
# shellcheck disable=SC2317 # a trap calls it
leave() {
    machine_unmake
    [ -n "$keep" ] || {
        machine_stop "$dir"
        rm -rf "$dir"
    }
}
trap leave EXIT
trap 'exit 130' INT TERM
if ! machine_runs "$dir"; then
    began=$SECONDS
    [ -n "$(guest_kernel "$name")" ] || machine_save || fail "the image does not start"
    machine_new "$dir"
    machine_boot "$dir"
    machine_wait "$dir" 600 || fail "$name did not start"
    [ ! -e "tools/vm/prepare-$name.sh" ] || machine_ssh "$dir" root bash -s <"tools/vm/prepare-$name.sh"
    say "$name: there after $((SECONDS - began)) s"
fi
began=$SECONDS
push_kit "$clone" "$dir" "$user"
say "$name: the clone is there after $((SECONDS - began)) s"
status=0
machine_ssh "$dir" "$user" "cd ten-steps && export BIN=\$PWD/bin ROOTFS=\$PWD/build/rootfs ATTACKS=\$PWD/build/tests/attacks && $*" </dev/null || status=$?
exit $status
