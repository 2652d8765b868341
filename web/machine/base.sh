# shellcheck shell=bash
# Debian for i386, from wherever this machine's own apt gets its packages: two
# roots, one to build in and one to be the machine.

# machine_bootstrap DIR PACKAGE...: unpacked and configured.  The suite for
# security may be out of step for i386, on a mirror that has it for others.
machine_bootstrap() {
    local root=$1 proxies include
    shift
    include=$(IFS=,; echo "$*")
    mapfile -t proxies < <(sources_proxies)
    sources_for bookworm >"$new/sources"
    while ! INITRD=No mmdebstrap --mode=root --skip=check/qemu --variant=minbase --format=directory \
        --architectures=i386 --include="$include" --aptopt='APT::Install-Recommends "false"' \
        "${proxies[@]}" --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        bookworm "$root" "$new/sources" >"$new/log" 2>&1; do
        tail -n 3 "$new/log" >&2
        if ! grep -q security "$new/sources" || ! grep -q 'Failed to fetch.*security' "$new/log"; then
            say "the machine could not be built: is there a network, and Debian for i386 at apt's mirror?"
            exit 75
        fi
        say "without the newest security updates: the mirror's list of them is not whole"
        sed -i /security/d "$new/sources"
        rm -rf --one-file-system "$root"
    done
}

# shellcheck disable=SC2016 # dpkg's variables
machine_versions() { chroot "$1" dpkg-query -W -f '${Package} ${Version} ${source:Package} ${source:Version}\n'; }

# The licences' texts stay in the cache: the page names each package.
machine_base() {
    local packages
    # shellcheck disable=SC2154 # build.sh's
    base=$home/base-$({ machine_build_packages; machine_packages; cat web/machine/base.sh; } | key)
    [ ! -d "$base" ] || return 0
    say "Debian for i386: two roots, some minutes, once"
    new=$(mktemp -d "$home/new.XXXXXX")
    mapfile -t packages < <(machine_build_packages)
    machine_bootstrap "$new/build" "${packages[@]}"
    mapfile -t packages < <(machine_packages)
    machine_bootstrap "$new/run" "${packages[@]}"
    machine_versions "$new/run" >"$new/packages"
    machine_versions "$new/build" | grep -E '^(linux-image-[0-9]|seabios )' >>"$new/packages"
    chmod 755 "$new"
    rm -rf --one-file-system "$new"/{sources,log} "$home"/base-*
    mv "$new" "$base"
}
