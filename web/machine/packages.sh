# shellcheck shell=bash
# What is installed, as Debian's packages, all of them i386.

# Where the kit is compiled, and what the machine is started with.
machine_build_packages() {
    # shellcheck disable=SC2046 # a list of words
    printf '%s\n' $(./kit packages demo check | grep -v nftables) linux-image-686 seabios
}

# What a reader has.  tcc compiles; what the kit needs to be built is there, too,
# so that make and ./kit have nothing to complain about.
machine_packages() {
    # shellcheck disable=SC2046 # a list of words
    printf '%s\n' $(./kit packages demo check | grep -vx gcc) \
        tcc bash less nano strace sudo login kmod iputils-ping libcap2-bin
}
