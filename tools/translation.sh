#!/bin/sh
# Editions in other languages: X.ko.md is X.md in Korean.
#
#   tools/translation.sh check [LANGUAGE]             what is missing, old, or of another shape
#   tools/translation.sh show FILE SECTION LANGUAGE   both texts, and what changed in the English one
#   tools/translation.sh stamp FILE SECTION LANGUAGE [COMMIT]   it says what the English one says now,
#                                                     or said in COMMIT (SECTION "": all of them)
#   tools/translation.sh begin FILE LANGUAGE          a copy of FILE to translate, with marks
#
# Each section keeps, in the mark before its heading, the hash of the English one
# that it was made from.  docs/TRANSLATING.md has the rules.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C
here=tools/translation
scratch=$(mktemp -d)
half_written=
trap 'rm -rf "$scratch" ${half_written:+"$half_written"}' EXIT
trap 'exit 130' INT TERM HUP

# What learners read: all of it, or nothing, is there in another language.
texts() {
    for text in README.md TUTORIAL.md [01][0-9]-*/README.md exercises/README.md \
        exercises/[01][0-9]-*/README.md exercises/[01][0-9]-*/hints.txt \
        exercises/[01][0-9]-*/after.txt docs/TEACHING.md docs/EXPLAIN.md; do
        [ ! -f "$text" ] || echo "$text"
    done
}

# edition FILE LANGUAGE: README.md -> README.ko.md
edition() {
    case $2 in
    [a-z][a-z]) echo "${1%.*}.$2.${1##*.}" ;;
    *) misused "\"$2\" is no language" "it is two letters: ko, ja" ;;
    esac
}

# languages: in which there is any text
languages() {
    texts | while read -r text; do
        for each in "${text%.*}".*."${text##*.}"; do
            [ ! -f "$each" ] || basename "$each" ".${text##*.}" | sed 's/.*\.//'
        done
    done | sort -u
}

# cut_up FILE DIRECTORY: into sections
cut_up() {
    rm -rf "$2"
    mkdir "$2"
    awk -v into="$2" -f tools/headings.awk -f $here/sections.awk "$1"
}

# hashes DIRECTORY: "NAME HASH" for each section in it
hashes() {
    (cd "$1" && sha256sum -- *) | awk '{ print $2, substr($1, 1, 10) }'
}

# paragraphs FILE: how many, without the first line that says what it is from
paragraphs() { sed '1{/^# from /d;}' "$1" | awk 'BEGIN { RS = "" } END { print NR }'; }

# check_plain FILE EDITION LANGUAGE
check_plain() {
    there=$(paragraphs "$1") now=$(paragraphs "$2")
    [ "$there" = "$now" ] || {
        echo "$2: $now paragraphs, in $1 there are $there"
        status=1
    }
    case $(head -n 1 "$2") in
    "# from $(cut -d ' ' -f 2 "$scratch/hashes")") return ;;
    "# from "[0-9a-f]*) echo "$2: is old, $1 has changed: make translation TO=$3 FILE=$1 SECTION=text" ;;
    *) echo "$2: was not stamped; once it says the same: make translation STAMP=1 TO=$3 FILE=$1" ;;
    esac
    status=1
}

# check_text FILE LANGUAGE
check_text() {
    other=$(edition "$1" "$2")
    if [ ! -f "$other" ]; then
        echo "$other: is missing"
        status=1
        return
    fi
    cut_up "$1" "$scratch/english"
    hashes "$scratch/english" > "$scratch/hashes"
    case $1 in
    *.md) awk -v language="$2" -v hashes="$scratch/hashes" -f tools/headings.awk \
        -f $here/compare.awk "$1" "$other" || status=1 ;;
    *) check_plain "$1" "$other" "$2" ;;
    esac
}

# strays LANGUAGE: what is a translation of nothing that is compared
strays() {
    for other in *."$1".md docs/*."$1".md [01][0-9]-*/*."$1".md exercises/*."$1".md exercises/*/*."$1".*; do
        english=${other%".$1".*}.${other##*.}
        if [ -f "$other" ] && ! texts | grep -qxF "$english"; then
            echo "$other: there is no $english to compare it with: see texts() in tools/translation.sh"
            status=1
        fi
    done
}

check() {
    for language in ${1:-$(languages)}; do
        for text in $(texts); do
            check_text "$text" "$language"
        done
        strays "$language"
    done
    return $status
}

# find_old FILE HASH: the English section that has it, out of history, in $scratch/old
find_old() {
    for commit in $(git -c safe.directory='*' log --format=%H -- "$1"); do
        git -c safe.directory='*' show "$commit:$1" > "$scratch/then.${1##*.}" 2> /dev/null || continue
        cut_up "$scratch/then.${1##*.}" "$scratch/then"
        name=$(hashes "$scratch/then" | sed -n "s/ $2\$//p" | head -n 1)
        [ -z "$name" ] || {
            cp "$scratch/then/$name" "$scratch/old"
            return
        }
    done
    return 1
}

# hash_in EDITION SECTION: of the English text
hash_in() {
    case $1 in
    *.md) sed -n "s/^<a id=\"$2\" data-from=\"\(.*\)\"><\/a>\$/\1/p" "$1" | head -n 1 ;;
    *) sed -n '1s/^# from //p' "$1" ;;
    esac
}

show() {
    other=$(edition "$1" "$3")
    needs "$1"
    cut_up "$1" "$scratch/english"
    hashes "$scratch/english" > "$scratch/hashes"
    needs_section "$1" "$2"
    printf '== %s, %s\n\n' "$1" "$2"
    cat "$scratch/english/$2"
    needs "$other"
    cut_up "$other" "$scratch/translated"
    from=$(hash_in "$other" "$2")
    printf '\n== %s, made from %s\n\n' "$other" "${from:--}"
    [ ! -f "$scratch/translated/$2" ] || cat "$scratch/translated/$2"
    echo
    case $from in
    '' | -) echo "== it was not stamped yet" ;;
    "$(sed -n "s/^$2 //p" "$scratch/hashes")") echo "== the English text has not changed since" ;;
    *)
        if find_old "$1" "$from"; then
            printf '== what changed in the English text since: [-gone-] {+new+}\n\n'
            git diff --no-index --word-diff=plain "$scratch/old" "$scratch/english/$2" | sed 1,4d
        else
            echo "== no commit of $1 has a section with the hash $from: compare all of it"
        fi
        ;;
    esac
}

# put FILE: what is said into it, all or nothing: it is somebody's work.
put() {
    half_written=$1.new
    [ ! -f "$1" ] || cp -p "$1" "$half_written"
    cat > "$half_written"
    mv "$half_written" "$1"
}

stamp() {
    other=$(edition "$1" "$3")
    needs "$1"
    needs "$other"
    english=$1
    if [ -n "${4-}" ]; then
        english=$scratch/then.${1##*.}
        git -c safe.directory='*' show "$4:$1" > "$english" || misused "there is no $1 in $4" "git log -- $1"
    fi
    cut_up "$english" "$scratch/english"
    hashes "$scratch/english" > "$scratch/hashes"
    [ -z "$2" ] || needs_section "$1" "$2"
    awk -v hashes="$scratch/hashes" -v only="$2" -f tools/headings.awk \
        -f $here/stamp.awk "$other" > "$scratch/stamped"
    put "$other" < "$scratch/stamped"
    check_text "$1" "$3"
    return $status
}

begin() {
    other=$(edition "$1" "$2")
    needs "$1"
    [ ! -e "$other" ] || misused "$other is there" "make translation TO=$2 lists what is wrong with it"
    texts | grep -qxF "$1" || misused "$1 is not among the texts that are translated" "see texts() in tools/translation.sh"
    awk -f tools/headings.awk -f $here/begin.awk "$1" > "$scratch/begun"
    put "$other" < "$scratch/begun"
    echo "$other: translate it, then: make translation STAMP=1 TO=$2 FILE=$1"
}

needs() { [ -f "$1" ] || misused "there is no $1" "make translation lists what is missing"; }

# needs_section FILE SECTION: one of $scratch/hashes
needs_section() {
    sed 's/ .*//' "$scratch/hashes" | grep -qxF -e "$2" ||
        misused "$1 has no section \"$2\"" "its sections: $(sed 's/ .*//' "$scratch/hashes" | tr '\n' ' ')"
}

misused() {
    printf 'translation: %s\n  hint: %s\n' "$1" "$2" >&2
    exit 2
}

status=0
word=$1
shift
case $word in
check | show | stamp | begin) "$word" "$@" ;;
*) misused "there is no \"$word\"" "tools/translation.sh begins with what there is" ;;
esac
