# shellcheck shell=bash
# Where guests get their packages: wherever this machine's own apt gets them.
# A mirror or a proxy of the house is used without another setting.

# sources_archive NAME DEFAULT: this machine's address of an archive of Debian.
sources_archive() {
    # shellcheck disable=SC2016 # apt's variables
    { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null || :; } |
        awk -v name="/$1/?\$" -v other="$2" '$0 ~ name { found = $0 }
            END { print found ? found : other }'
}

# sources_for SUITE: its sources.list.
sources_for() {
    local debian security
    debian=$(sources_archive debian http://deb.debian.org/debian)
    security=$(sources_archive debian-security http://deb.debian.org/debian-security)
    echo "deb $debian $1 main"
    echo "deb $debian $1-updates main"
    echo "deb $security $1-security main"
}

# The options of mmdebstrap for this machine's proxies.
sources_proxies() {
    { apt-config dump 2>/dev/null || :; } |
        sed -n 's/^\(Acquire::https\?::.*[Pp]roxy.*\);$/--aptopt=\1/p'
}
