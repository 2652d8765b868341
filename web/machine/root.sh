# shellcheck shell=bash
# Debian's packages become the reader's machine.

machine_modules_used="overlay veth bridge dummy macvlan loop nf_conntrack nf_tables nft_chain_nat
    nft_masq nft_ct nft_nat nft_redir nft_fib_ipv4 nft_fib_ipv6 crc32c_generic"

# machine_root ROOT BUILD VERSION: users, files of ours, the kit as it was built, modules.
machine_root() {
    local root=$1 build=$2 version=$3
    # What installs packages, and perl, which only that uses here.
    rm -rf "$root"/usr/share/{info,zoneinfo,lintian,locale,man,doc,bug,gdb,perl*,bash-completion} \
        "$root"/usr/bin/{perl*,apt*,dpkg*} "$root"/usr/lib/{apt,dpkg} \
        "$root"/usr/lib/i386-linux-gnu/{perl*,gconv,libperl*,libapt*,libgnutls*,libp11*,libunistring*,libstdc++*,libcap2} \
        "$root"/usr/lib/i386-linux-gnu/libdb-5* \
        "$root"/usr/{bin,sbin}/{localedef,gpgv,cvtsudoers,sudo_logsrvd,sudo_sendlog,arpd,devlink,rdma,debugfs,e2fsck} \
        "$root"/var/{cache,lib/apt,lib/dpkg,log}/* "$root"/etc/{resolv.conf,hostname}
    # No static programs are made there (bin/cc says why).
    find "$root/usr/lib" -name '*.a' ! -name '*nonshared*' ! -name 'libtcc*' -delete
    cp -r web/machine/root/. "$root/"
    ln -sf /bin/busybox "$root/sbin/init"
    # Not a link into /run: that is empty on the hosts of the tests.
    echo nameserver 192.0.2.53 >"$root/etc/resolv.conf"
    echo host >"$root/etc/hostname"
    echo 127.0.0.1 localhost host >"$root/etc/hosts"
    chroot "$root" useradd --create-home --shell /bin/bash reader
    # With a pseudo-terminal of its own sudo would stand between a shell and its jobs.
    printf '%s\n' 'Defaults !use_pty' 'reader ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/reader"
    chmod 440 "$root/etc/sudoers.d/reader"
    mkdir -p "$root/home/reader/ten-steps"
    machine_kit "$build/home/reader/ten-steps" "$root/home/reader/ten-steps"
    machine_attacks "$root"
    chroot "$root" chown -hR reader:reader /home/reader
    machine_modules_copy "$root" "$build" "$version"
}

# The clone as `make tests-built` left it, so that make there has nothing to do:
# with the objects, but without what a debugger needs.
machine_kit() {
    cp -a "$1/." "$2/"
    cp -a "$1/../mine" "$2/.."
    # Which headers each object was made of: reading that takes make longer than all else.
    find "$2/build" -name '*.d' -delete
    find "$2/../mine" -name '*.o' -exec objcopy -g -p {} \;
    find "$2/bin" "$2/build" -type f \( -name '*.o' -o -name '*.a' \) -exec objcopy -g -p {} \;
    find "$2/bin" "$2/build" -type f -perm -u+x ! -path '*/rootfs/*' -exec strip -p {} + 2>/dev/null || :
    # Of the tests' objects make only wants to know how old they are.
    # shellcheck disable=SC2016 # expanded there
    find "$2/build/tests" -name '*.o' -exec sh -c 'for file; do
        when=$(stat -c %y "$file"); : >"$file"; touch -d "$when" "$file"
    done' sh {} +
}

# The attacks are thirty static programs with the same library in each: in one file
# that is seen, and it takes a tenth of the bytes.  boot.mjs unpacks it.
machine_attacks() {
    local dir=$1/home/reader/ten-steps/build/tests/attacks
    tar -C "$dir" --sort=name -cJf "$1/home/reader/attacks.tar.xz" .
    rm -rf "${dir:?}"/*
}

machine_modules_copy() {
    local file
    # shellcheck disable=SC2086 # a list of words
    machine_modules "$2" "$3" $machine_modules_used | while read -r file; do
        install -D -m 644 "$2$file" "$1$file"
    done
    cp "$2/lib/modules/$3"/modules.{order,builtin,builtin.modinfo} "$1/lib/modules/$3/"
    chroot "$1" depmod "$3"
    echo "$machine_modules_used" >"$1/usr/local/lib/machine/modules"
}
