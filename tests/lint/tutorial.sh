#!/bin/sh
# Is every link of the article (tests/tutorial/article-links.txt) in the tutorial, every
# function that it names in the code, each chapter in the form of the others, and
# nothing left unwritten in it?
#
#   tutorial.sh FILE.md...
set -eu

status=0
for text; do
    language=${text%.md}
    while read -r link; do
        # An edition in another language may lead to the page in that language.
        if ! sed "p; s|/${language##*.}/|/|g" "$text" | grep -F "($link)" > /dev/null; then
            echo "$text: a link of the article is missing: $link"
            status=1
        fi
    done < tests/tutorial/article-links.txt
    # shellcheck disable=SC2016 # backticks, not a command
    for name in $(grep -oE '`[a-z0-9_]+\(\)`' "$text" | tr -d '`()' | sort -u); do
        if ! grep -qE "\b$name\(" [01][0-9]-*/*.[ch] [01][0-9]-*/*/*.[ch] habits/*.[ch]; then
            echo "$text: the code has no function $name()"
            status=1
        fi
    done
    # A chapter ends in the same form as all others.
    awk -f tools/headings.awk -f tests/lint/chapters.awk "$text" || status=1
    # A line that is one word in capitals stands for text to come.
    if grep -nE '^[A-Z]+-[A-Z]+$' "$text"; then
        echo "$text: still to be written"
        status=1
    fi
done
exit $status
