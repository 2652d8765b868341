#!/bin/sh
# A place to write a stage of your own.
#
#   tools/start.sh STAGE-DIRECTORY DIR
#
# DIR gets the main.c of the stage before, the header of the new module, and a
# stub for each of its functions.  It builds at once, and fails just the tests
# of what is new.  The modules of the earlier stages come from this clone.
set -eu
stage=$1 dir=$2
kit=$(cd "$(dirname "$0")/.." && pwd)
number=${stage%%-*}

if [ -e "$dir" ]; then
    echo "make start: $dir exists already: choose another DIR" >&2
    exit 2
fi
case $number in
10)
    echo "make start: stage 10 has no starting point: see its chapter" >&2
    exit 2
    ;;
esac
mkdir -p "$dir"

# The headers that the stage's main.c adds.
headers=$(sed -n "s|^#include \"\($stage/[a-z_]*\.h\)\".*|\1|p" "$kit/$stage/main.c")
[ "$number" != 01 ] || headers=01-uts/uts.h # the others are help, not the task

# The stage before; before the first there is one with nothing in it.
if [ "$number" = 01 ]; then
    # shellcheck disable=SC2016 # no expansion is meant
    sed -e '1,/\*\//d' -e '/"01-uts\/uts\.h"/d' -e '/struct uts uts;/d' \
        -e '/uts_options/d' -e '/uts_setup/,+1d' -e 's/CLONE_NEWUTS/0/' \
        "$kit/01-uts/main.c" |
        sed -e '1i /* The start of a container: it has nothing of its own yet. */'
else
    previous=$(find "$kit" -maxdepth 1 -name '[01][0-9]-*' | sort | grep -B1 "/$stage\$" | head -n 1)
    cat "$previous/main.c"
fi > "$dir/main.c"

# A stub for each function that a header declares.
stub() {
    echo "#include \"$(basename "$1")\""
    awk '
    /^extern const struct option_entry / {
        sub(/^extern /, "")
        sub(/;$/, "")
        print "\n" $0 " = {\n\t{ 0 }, /* your options */\n};"
    }
    /^[a-z].*[a-z_]+\(/ && !/^typedef/ && !/^static/ { prototype = "" ; inside = 1 }
    inside { prototype = prototype (prototype ? "\n" : "") $0 }
    inside && /;$/ {
        inside = 0
        sub(/;$/, "", prototype)
        body = "\treturn 0; /* your code */\n"
        if (prototype ~ /^void /)
            body = "\t/* your code */\n"
        print "\n" prototype "\n{\n" body "}"
    }' "$1"
}

objects=main.c
for header in $headers; do
    name=$(basename "$header" .h)
    cp "$kit/$header" "$dir/$name.h"
    stub "$kit/$header" > "$dir/$name.c"
    objects="$objects $name.c"
done

cat > "$dir/Makefile" <<EOF
# Stage $number, yours.  \`make check\` runs the kit's tests against it.
KIT := $kit

$stage: $objects \$(KIT)/build/modules.a
	\$(CC) -std=gnu11 -g -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter \\
		-I. -I\$(KIT) -Wl,--allow-multiple-definition \\
		-o \$@ $objects \$(KIT)/build/modules.a -lcap

\$(KIT)/build/modules.a:
	\$(MAKE) -C \$(KIT) build/modules.a

.PHONY: check
check: $stage
	\$(MAKE) -C \$(KIT) check STAGE=$number PROGRAM=\$(CURDIR)/$stage
EOF
echo "$dir is ready.  In its main.c include$(for h in $headers; do printf ' "%s"' "$(basename "$h")"; done),"
echo "call what is new, and fill in the stubs; compare with $stage only at the end."
echo "  make -C $dir && sudo make -C $dir check"
