#!/bin/sh
# Does every link to a file of this repository lead to one, and every link to a
# heading to a heading?    links.sh FILE.md...
set -eu

status=0

# anchors FILE: as GitHub makes them of the headings, or as a mark before one says.
anchors() {
    echo 'heading { print section }' | awk -f tools/headings.awk -f - "$1"
}

for text; do
    # Not those to another host, and not what is in a block of code.
    links=$(awk '/^```/ { code = !code } !code' "$text" |
        grep -oE '\]\([^) ]+\)' | sed 's/^](//; s/)$//' |
        grep -vE '^[a-z]+:' | sort -u)
    for link in $links; do
        file=${link%%#*}
        [ -n "$file" ] && file=$(dirname "$text")/$file || file=$text
        if [ ! -e "$file" ]; then
            echo "$text: there is no $file"
            status=1
        elif [ "${link#*#}" != "$link" ] &&
            ! anchors "$file" | grep -qxF "${link#*#}"; then
            echo "$text: $file has no heading for $link"
            status=1
        fi
    done
done
exit $status
