#!/usr/bin/env bash
# The page:  ./kit web [--serve [PORT] [--lan] | --export FILE | --test [CHAPTER]...]
#
#   without a word   build/web: static files, with the machine in them
#   --serve [PORT]   and serve them on this machine (8000); --lan: to the room as well
#   --export FILE    and pack them (FILE.tar.gz), for a stick or any file server
#   --test           and try all of it in Chromium: web/tests/; --test inside:
#                    the stages' tests in its machine
#
# Building the machine takes root, a network and some minutes, once: it is kept
# in the cache.  BASE=/name/, in the environment, is for a page below the top.
set -euo pipefail
cd "$(dirname "$0")/.."
owner=$(stat -c %u:%g .)

say() { printf 'web: %s\n' "$*" >&2; }
# fail STATUS WHAT [HINT]
fail() {
    say "$2"
    [ $# = 2 ] || printf '  hint: %s\n' "$3" >&2
    exit "$1"
}

# Root only where it has to be: what is built belongs to the clone's owner.
as_owner() {
    if [ "$(id -u)" = 0 ] && [ "$owner" != 0:0 ]; then
        setpriv --reuid="${owner%:*}" --regid="${owner#*:}" --clear-groups \
            env HOME="$(getent passwd "${owner%:*}" | cut -d: -f6)" "$@"
    else
        "$@"
    fi
}

web_packages() {
    [ web/package-lock.json -nt web/node_modules/.package-lock.json ] || return 0
    say "npm's packages, as the lock file names them"
    as_owner npm ci --prefix web --ignore-scripts --no-progress --loglevel=error || as_owner npm ci --prefix web \
        --ignore-scripts --no-progress --loglevel=error --offline || fail 75 "npm's packages cannot be had: is there a network?"
    touch web/node_modules/.package-lock.json
}

web_machine() {
    case $(uname -m) in
    x86_64) ;;
    *) fail 1 "the machine is built on x86-64, where i386's programs run" "./kit web --export there makes a file to unpack here" ;;
    esac
    [ "$(id -u)" = 0 ] || fail 1 "to build the machine takes root" "sudo ./kit web"
    as_owner mkdir -p build
    web/machine/build.sh "$PWD/build/web-machine"
}

web_pages() {
    say "the pages"
    as_owner node web/site/generate/pages.mjs
    as_owner sh -c 'web/node_modules/.bin/vitepress build web/site >build/web.log 2>&1' ||
        { tail -n 20 build/web.log >&2; fail 1 "the pages could not be built: all that was said is in build/web.log"; }
    as_owner cp -r build/web-machine build/web/machine
    as_owner cp web/node_modules/v86/build/v86.wasm build/web/machine/
    # Not every file server knows what .mjs is, and then a browser does not load it.
    as_owner cp web/node_modules/v86/build/libv86.mjs build/web/machine/libv86.js
    as_owner node web/site/generate/worker.mjs build/web
}

# What it is made from: then nothing is to be done twice.
web_stamp() {
    { git -c safe.directory='*' ls-files -co --exclude-standard -z | xargs -0 sha256sum 2>/dev/null || :
      echo "${BASE-/}"; } | sha256sum
}

web_built() {
    local stamp
    stamp=$(web_stamp) # before: a file may change while it is built
    if [ ! -e build/web-machine/machine.json ] || [ "$(cat build/web/.stamp 2>/dev/null)" != "$stamp" ]; then
        web_packages
        web_machine
        web_pages
        echo "$stamp" | as_owner tee build/web/.stamp >/dev/null
    fi
    say "build/web is ready: $(du -sh build/web | cut -f1)"
}

web_serve() {
    local port=8000 address=127.0.0.1
    for each; do
        case $each in
        --lan) address=0.0.0.0 ;;
        *[!0-9]* | '') fail 2 "--serve takes a port and --lan, not \"$each\"" ;;
        *) port=$each ;;
        esac
    done
    ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null ||
        fail 1 "something else serves port $port already" "./kit web --serve $((port + 1))"
    say "http://localhost:$port/ (Ctrl-C ends it)"
    [ $address = 127.0.0.1 ] || ip -o -4 addr show scope global |
        awk -v port="$port" '{ sub(/\/.*/, "", $4); print "web: for the board: http://" $4 ":" port "/" }' >&2
    as_owner cp web/httpd.conf build/web-httpd.conf
    # Whoever serves reads the clone's files, and needs no more than that.
    [ "$(id -u)" = 0 ] || owner=''
    exec busybox httpd -f -p "$address:$port" -h build/web -c "$PWD/build/web-httpd.conf" ${owner:+-u "$owner"}
}

web_export() {
    local file=${1:?}
    case $file in /*) ;; *) file=${CALLER:-$PWD}/$file ;; esac
    case $file in *.tar.gz) ;; *) file=$file.tar.gz ;; esac
    tar -C build --exclude=.stamp -czf "$file" web
    # Through sudo: it is for who asked.  Not every file system has owners.
    [ -z "${SUDO_UID-}" ] || chown "$SUDO_UID:${SUDO_GID-}" "$file" 2>/dev/null || :
    say "$file, $(du -h "$file" | cut -f1).  Unpack it, and in the folder \"web\" start any file server:"
    printf '  %s\n' "Linux, macOS:  python3 -m http.server 8000" \
        "Windows:       py -m http.server 8000" "Linux:         busybox httpd -f -p 8000" \
        "then open http://localhost:8000/ (from file:// no browser loads modules and WebAssembly)" >&2
}

case ${1-} in
'') web_built ;;
--serve) web_built && shift && web_serve "$@" ;;
--export) [ -n "${2-}" ] || fail 2 "--export takes a file"; web_built && web_export "$2" ;;
--test) web_built && shift && exec web/tests/run.sh "$@" ;;
*) sed -n '2,/^set/s/^# \{0,1\}//p' web/build.sh; exit 2 ;;
esac
