#!/bin/sh
# The example bundles in tests/oci/bundles: each says the same with this runtime, with runc and with
# crun, namely what is in its file `expected`.  Run by tests/check.sh.
#
#   status N         how it ended; "not 0": it could not be started
#   afterwards:      what its hooks wrote
#
# shellcheck disable=SC1091,SC2016,SC2086,SC2154,SC2317
# Scripts for another shell, a $work without blanks, functions that `check` calls.
# shellcheck source=tests/oci/engine.sh
. "$(dirname "$0")/engine.sh"
here=$(cd "$(dirname "$0")" && pwd)

# prepare NAME: the bundle, with a root file system of its own.
prepare() {
    rm -rf $work/bundle $work/shared/*
    cp -a "$here/bundles/$1" $work/bundle
    cp -a "$ROOTFS" $work/bundle/rootfs
    mkdir -m 1777 $work/bundle/rootfs/t
}

# Version 2 of cgroups, and nothing else.  In a hybrid layout crun wants to see
# only that, and it has few controllers there.
is_pure_v2() {
    [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]
}
crun_here() {
    if is_pure_v2; then
        crun "$@"
    else
        unshare --mount sh -c 'mount -t cgroup2 cgroup2 /sys/fs/cgroup; exec "$@"' \
            sh crun "$@"
    fi
}

# as RUNTIME WORD...: the runtime with these words.
as() {
    case $1 in
    ours) program=$runtime ;;
    runc) program=runc ;;
    crun) program=crun_here ;;
    esac
    shift
    $program --root $work/states "$@"
}
if [ "${1-}" = --as ]; then
    shift
    as "$@"
    exit
fi

# The same on a terminal, which writes \r\n.
on_terminal() {
    with_terminal "sh $0 --as $*" >$work/terminal
    status=$?
    tr -d '\r' <$work/terminal
    return $status
}

# start RUNTIME: run the bundle, on a terminal if it wants one.
start() {
    set -- "$1" run --bundle $work/bundle box
    if grep -q '"terminal": true' $work/bundle/config.json; then
        on_terminal "$@"
    else
        as "$@" </dev/null 2>$work/err
    fi
}

# What the runtime has left.  Only ours is judged.
left() {
    if [ "$1" = ours ]; then
        find /sys/fs/cgroup -path '*/bundles/*' -type d
        stat -c '/dev/null has mode %a, user %u' /dev/null | grep -v '666, user 0$'
    fi
    chown 0:0 /dev/null
    ls -A $work/states
    find /sys/fs/cgroup -depth -path '*/bundles*' -type d -exec rmdir {} +
}

# say RUNTIME BUNDLE: what it prints, how it ends, and what is left behind.
say() {
    prepare "$2"
    start "$1"
    status=$?
    # Runtimes differ in the number of a failure, and have words of their own.
    case $(cat $work/bundle/expected) in
    "status not 0") [ $status = 0 ] || status="not 0" ;;
    *) cat $work/err ;;
    esac
    echo "status $status"
    if [ -s $work/shared/after ]; then
        echo afterwards:
        cat $work/shared/after
    fi
    left "$1"
}

# What the bundles' mounts, hooks and namespaces refer to.
mkdir -p $work/data/below
echo "a file of the host" >$work/data/file
touch $work/data/below/some
make_shared
touch $work/net $work/uts
unshare --net=$work/net ip link add v0 type veth peer name v1
unshare --uts=$work/uts hostname joined

# compare RUNTIME BUNDLE
compare() {
    case $1 in
    ours) ;;
    crun)
        if ! command -v crun >/dev/null; then
            verdict skip "$2 by crun" "crun is not installed"
            return
        elif ! is_pure_v2 && grep -q '"resources"' "$here/bundles/$2/config.json"; then
            verdict skip "$2 by crun" "version 2 of cgroups has few controllers here"
            return
        fi
        ;;
    *)
        if ! command -v "$1" >/dev/null; then
            verdict skip "$2 by $1" "$1 is not installed"
            return
        fi
        ;;
    esac
    : >$work/err
    # busybox of Debian 14 says "sh: line 0: can't create ...".
    say "$1" "$2" | sed 's/^sh: line [0-9]*: /sh: /' >$work/said
    if difference=$(diff "$here/bundles/$2/expected" $work/said); then
        verdict pass "$2 by $1"
    else
        verdict FAIL "$2 by $1" "
$difference"
    fi
}

# The documents against the specification's schema.
if /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
    for each in "$here"/bundles/*/config.json; do
        name=$(basename "${each%/config.json}")
        check "$name is valid" '=0' "$here/validate.py" config-schema.json "$each"
    done
    "$runtime" spec - >$work/spec.json
    check "the output of spec is valid" '=0' \
        "$here/validate.py" config-schema.json $work/spec.json
    "$runtime" spec --memory 64M --cpus 0.5 --pids 9 --userns --hostname box \
        --rootfs "$ROOTFS" --mount /etc:/b:ro --tmpfs /c --cap-add net_admin --deny mkdir \
        - sh -c true >$work/spec.json
    check "the output of spec with options is valid" '=0' \
        "$here/validate.py" config-schema.json $work/spec.json
    prepare minimal
    "$runtime" --root $work/states create --bundle $work/bundle box &&
        "$runtime" --root $work/states state box >$work/state.json
    check "the state is valid" '=0' "$here/validate.py" state-schema.json $work/state.json
    "$runtime" --root $work/states delete --force box
    sed 's/"cwd": "."/"cwd": 7/' "$here/bundles/minimal/config.json" >$work/wrong.json
    check "a wrong document is not valid" '*process*cwd*=1' \
        "$here/validate.py" config-schema.json $work/wrong.json
    if "$runtime" --root $work/none features --help >/dev/null 2>&1; then
        "$runtime" features >$work/features.json
        check "the features are valid" '=0' \
            "$here/validate.py" features-schema.json $work/features.json
    fi
else
    verdict skip "the schema" "python3-jsonschema is not installed"
fi

for each in "$here"/bundles/*/config.json; do
    bundle=$(basename "${each%/config.json}")
    for by in ours runc crun; do
        compare $by "$bundle"
    done
done
totals
