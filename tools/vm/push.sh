# shellcheck shell=bash
# The kit goes into a machine: this clone, as it is now, with what is built.
#
# Programs that were built here run there if the C library there is not older
# and the processor is the same.  If not, they are built there, which takes
# minutes under emulation.

# What of a clone is of no use there.
push_without() {
    printf -- '--exclude=./build/%s\n' gcc clang sanitized arm64 fuzz vm
    # shellcheck disable=SC2154 # arch is the image's, of machine_plan
    [ "$arch" = "$(vm_arch)" ] || printf -- '--exclude=./%s\n' bin build
}

# push_tar CLONE: what goes there, to the standard output.
push_tar() {
    local without
    mapfile -t without < <(push_without)
    # Status 1: a file changed meanwhile.
    tar --exclude-vcs "${without[@]}" --sort=name -C "$1" -cf - . || [ $? = 1 ]
}

# push_stamp CLONE: all that as a number.
push_stamp() { push_tar "$1" | sha256sum | cut -c1-16; }

# push_kit CLONE DIR USER
push_kit() {
    # If it was cut off, the other side says so.
    push_tar "$1" | gzip -1 |
        machine_ssh "$2" "$3" 'mkdir -p ten-steps && tar -xzf - -C ten-steps --no-same-owner' || return
    machine_ssh "$2" "$3" 'cd ten-steps && { [ ! -e bin ] || {
            bin/07-caps --help && { [ ! -e bin/10-full-container ] || bin/10-full-container --version; }; } >/dev/null 2>&1 || rm -rf bin build; }'
}

# push_build DIR USER: what is not there yet, or not new.  Under emulation make
# alone takes a minute to find nothing to do: then it is asked here.
push_build() {
    [ "$(make -ns tests-built 2>&1 | grep -vc '^:$')" = 0 ] &&
        machine_ssh "$1" "$2" '[ -e ten-steps/bin ]' && return
    machine_ssh "$1" "$2" "cd ten-steps && make -s -j$VM_CPUS tests-built" >&2
}
