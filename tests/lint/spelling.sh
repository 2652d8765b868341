#!/bin/sh
# In an edition in another language, is each word spelled as agreed on, and
# does the English one stand beside it where it is explained?
#
#   tests/lint/spelling.sh
#
# tests/lint/spelling.ko.txt has the wrong spellings.  Code, what is quoted,
# and the titles in links are somebody else's words.
set -eu
cd "$(dirname "$0")/../.."
export LC_ALL=C

status=0
for table in tests/lint/spelling.*.txt; do
    language=${table%.txt}
    language=${language##*.}
    for text in *."$language".md docs/*."$language".md [01][0-9]-*/*."$language".md \
        exercises/*."$language".md exercises/*/*."$language".*; do
        [ ! -f "$text" ] || awk -F '\t' -f tools/headings.awk -f tests/lint/spelling.awk "$table" "$text" || status=1
    done
done
for text in TUTORIAL.*.md; do
    [ ! -f "$text" ] || awk -f tools/headings.awk -f tests/lint/terms.awk "$text" || status=1
done
exit $status
