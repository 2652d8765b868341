#!/bin/sh
# Does each stage say what is around it, where that makes it fail?
#
#   tests/kit/surroundings.sh BIN ROOTFS      (as root)
#
# A chroot, a root without CAP_SYS_ADMIN, a /proc of another PID namespace, and
# a root file system that is mounted noexec: all in mount namespaces.
# shellcheck disable=SC2016 # scripts for another shell
set -u
# shellcheck source=tests/verdict.sh
. "$(dirname "$0")/../verdict.sh"
if [ -z "${SURROUNDINGS_HOST-}" ]; then
    export SURROUNDINGS_HOST=1
    BIN=$(realpath "$1") ROOTFS=$(realpath "$2")
    export BIN ROOTFS
    exec unshare --mount --propagation private "$(realpath "$0")"
fi
mount -t tmpfs -o mode=755 tmpfs /mnt
work=/mnt/bundle
mkdir $work /mnt/in
cp -R "$ROOTFS" $work/rootfs
(cd $work && "$BIN/10-full-container" spec && sed -i 's/"terminal": true/"terminal": false/; s/"sh"/"true"/' config.json)

# options STAGE: what it is run with.
options() {
    case $1 in
    01 | 02 | 03) echo true ;;
    04 | 05) echo "--rootfs $work/rootfs true" ;;
    07u) echo "--userns --layer $work/rootfs true" ;;
    10) echo "--root $work/state run --bundle $work surroundings" ;;
    *) echo "--layer $work/rootfs true" ;;
    esac
}

# in_place NAME SCRIPT PATTERN STAGE...: SCRIPT makes it, and ends with exec "$@".
in_place() {
    name=$1 script=$2 pattern=$3
    shift 3
    for stage; do
        [ -e "$(echo "$BIN/${stage%u}"-*)" ] || continue
        # shellcheck disable=SC2046 # the options are words
        unshare --mount sh -c "$script" sh "$(echo "$BIN/${stage%u}"-*)" $(options "$stage") \
            >/mnt/out 2>&1 </dev/null
        wrong=
        tr '\n' ' ' </mnt/out | grep -Eq -- "hint: .*$pattern" || wrong="no hint like \"$pattern\""
        subject=$stage
        judge "$name" "$wrong" /mnt/out
    done
}

# All of the machine's root, wherever this clone is in it.
in_place names_a_chroot 'cd /mnt/in; for each in /*; do
        if [ -L $each ]; then cp -a $each .
        elif [ -d $each ]; then mkdir -p .$each; mount --rbind $each .$each; fi
    done
    exec chroot . "$@"' chroot 03 04 05 06 07 07u 08 09 10
in_place names_a_root_without_rights \
    'exec setpriv --bounding-set -sys_admin --inh-caps -sys_admin --ambient-caps -all "$@"' \
    'this root has no CAP_SYS_ADMIN' 01 02 03 04 05 06 07 08 09 10
in_place names_a_proc_of_others 'exec unshare --pid --fork "$@"' \
    '/proc is that of another PID namespace' 07u 10
in_place names_a_missing_proc 'umount -l -R /proc; exec "$@"' 'mount -t proc proc /proc' 06 07u 10
in_place names_noexec 'mount --bind /mnt /mnt; mount -o remount,bind,noexec /mnt; exec "$@"' \
    'mounted noexec' 04 05 10
totals
