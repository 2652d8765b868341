#!/bin/sh
# Is every link of the article (tests/article-links.txt) in the tutorial, and
# nothing left unwritten in it?    tutorial.sh FILE.md...
set -eu

status=0
for text; do
    while read -r link; do
        if ! grep -qF "($link)" "$text"; then
            echo "$text: a link of the article is missing: $link"
            status=1
        fi
    done < tests/article-links.txt
    # A line that is one word in capitals stands for text to come.
    if grep -nE '^[A-Z]+-[A-Z]+$' "$text"; then
        echo "$text: still to be written"
        status=1
    fi
done
exit $status
