#!/usr/bin/env bash
# Does the kit work on the systems its users have?
#
#   ./kit check-vm                   every guest, and docs/MATRIX.md anew
#   ./kit check-vm NAME...           these guests
#   ./kit check-vm --quick [NAME...] what each guest is there for
#   ./kit check-vm --ci              what CI has time for, in one guest
#   ./kit check-vm --images [NAME...] build what they start from, and no more
#   ./kit check-vm --list            which guests there are
#   ./kit check-vm --table           docs/MATRIX.md from what earlier runs said
#
# In each guest, started from an untouched disk, runs ./kit check.  What was
# said is in build/vm/NAME.log.  VM_JOBS guests run at a time.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/vm/lib.sh
. tools/vm/guests.sh

logs=build/vm
matrix=docs/MATRIX.md

list() {
    local name
    for name in $guests_all; do
        printf '%-18s %s\n' "$name" "$(guest_about "$name")"
    done
}

# What a guest does: as root, whatever of ./kit check is wanted; then as the
# learner, with a session of his own.
work_of() {
    local only=''
    [ "$set" = whole ] || only=$("guest_$set" "$1" | tr -s ' \n' ' ')
    echo "uname -srm; sudo ATTACK_THE_MACHINE=yes PATIENCE=7200 ONLY='$only' ./kit check ENGINES=1 || status=1"
    echo "echo; echo '== as an ordinary user: $(guest_learner "$1")'"
    echo "$(guest_learner "$1") || status=1; exit \${status-0}"
}

# one NAME: its tests, into its log.  The log's first lines say what it was.
one() {
    local name=$1 log=$logs/$1.log status=0 began=$SECONDS
    say "$name: $(guest_about "$name")"
    {
        echo "guest: $name"
        echo "date: $(date -u '+%Y-%m-%d %H:%M')"
        echo "kit: $(git describe --always --dirty 2>/dev/null || echo "no commit")"
        echo "set: $set"
        timeout "${VM_TIMEOUT:-7200}" tools/vm/guest.sh "$name" \
            "$(work_of "$name")" || status=$?
        echo "seconds: $((SECONDS - began))"
        echo "status: $status"
    } >"$log" 2>&1
    say "$name: $(grep -E '^[0-9]+ passed, ' "$log" | tail -n 1 || :) status $status, $((SECONDS - began)) s"
    return $status
}

# Several at a time: a guest's tests use little more than one processor.
all() {
    local name failed=0 running=0
    for name; do
        [ "$running" -lt "${VM_JOBS:-2}" ] || {
            wait -n || failed=1
            running=$((running - 1))
        }
        one "$name" &
        running=$((running + 1))
    done
    while [ $running -gt 0 ]; do
        wait -n || failed=1
        running=$((running - 1))
    done
    return $failed
}

# images NAME...: with the status of the first that could not be built.
images() {
    local name
    for name; do
        tools/vm/image.sh "$(guest_image "$name")" || return
    done
}

table() {
    local name files=()
    for name in $guests_all i386; do # the last is the page's: ./kit web --test inside
        [ ! -e "$logs/$name.log" ] || files+=("$logs/$name.log")
    done
    [ ${#files[@]} -gt 0 ] || fail "no guest has run yet" "./kit check-vm"
    mkdir -p docs
    awk -f tools/vm/matrix.awk "${files[@]}" >"$matrix.new"
    mv "$matrix.new" "$matrix"
    cat "$matrix"
}

set=whole guests=$guests_all images=''
mkdir -p $logs
case ${1-} in
--list) list && exit ;;
--table) table && exit ;;
--quick) set=quick && shift ;;
--ci) set=ci guests=debian13 && shift ;;
--images) images=1 && shift ;;
--*) fail "$1 is no option" "$(sed -n '/^#   /s/^# *//p' "$0")" ;;
esac
for name; do
    guest_about "$name" >/dev/null || fail "\"$name\" is no guest" "guests: $guests_all"
done
# shellcheck disable=SC2086,SC2048 # lists of words
[ -z "$images" ] || { images ${*:-$guests}; exit; }
status=0
# shellcheck disable=SC2086,SC2048
all ${*:-$guests} || status=1
table
exit $status
