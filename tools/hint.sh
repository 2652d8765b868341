#!/bin/sh
# For who writes an exercise.
#
#   tools/hint.sh hint 05     the next hint; after the third, all of them
#   tools/hint.sh after 05    when it is solved: what the kit does besides
#
# In the language of the locale, where that is there; it need not be installed:
# LANG=ko_KR.UTF-8 tools/hint.sh hint 05.
set -eu
cd "$(dirname "$0")/.."
word=$1 number=${2-}
number=${number#STAGE=}
number=${number%%-*}
case $number in [1-9]) number=0$number ;; esac
directory=$(echo exercises/"$number"-*)
if [ ! -f "$directory/hints.txt" ]; then
    echo "kit: say which exercise: ./kit $word 05 (they are 01 to 10)" >&2
    exit 2
fi

# wanted: the reader's languages, the best one first, as gettext(3) finds them.
wanted() {
    locale=${LC_ALL:-${LC_MESSAGES:-${LANG:-C}}}
    case $locale in C | POSIX) return ;; esac
    echo "${LANGUAGE-}:$locale" | tr : '\n' | sed 's/[.@].*//; /./!d; p; s/_.*//'
}

# The first of them in which there are sentences.  A dot before it: ".ko".
language=
for each in $(wanted); do
    case $each in en | C) break ;; */*) continue ;; esac
    [ ! -f "exercises/sentences.$each.txt" ] || language=.$each
    [ -z "$language" ] || break
done

# in_language NAME END: the file's name
in_language() {
    if [ -f "$1$language$2" ]; then echo "$1$language$2"; else echo "$1$2"; fi
}

# text NAME: without the line that says what it was made from
text() { sed '1{/^# from /d;}' "$(in_language "$directory/$1" .txt)"; }

fill() { LC_ALL=C awk -f tools/fill.awk; }

# say SENTENCE WORD...: a format and its words
say() {
    format=$1
    shift
    [ -z "$language" ] || format=$(SENTENCE=$format awk -F '\t' '
        $1 == ENVIRON["SENTENCE"] { found = $2 }
        END { print found == "" ? ENVIRON["SENTENCE"] : found }' "exercises/sentences$language.txt")
    # shellcheck disable=SC2059 # it is one
    printf "$format\n" "$@"
}

if [ "$word" = after ]; then
    text after | fill
    echo
    say 'A solution in one file: %s' "$(echo "$directory"/solution.*)"
    say "The kit's own: %s is the map; make diff STAGE=%s" \
        "$(in_language "$(basename "$directory")/README" .md)" "$number"
    exit
fi

# How many were shown: in build/, so that a new clone begins anew.
shown=build/hints/$number
case $(cat "$shown" 2> /dev/null) in
1) count=2 ;;
2) count=3 ;;
3) count=4 ;;
*) count=1 ;;
esac
mkdir -p build/hints 2> /dev/null || : # said below
# Paragraphs of the file.
text hints | awk -v wanted=$count 'BEGIN { RS = "" }
    NR == wanted || wanted > 3 {
        if (NR != 1 && wanted > 3) print ""
        print NR ". " $0
    }' | fill
echo
case $count in
1 | 2) say 'The next one is nearer: %s' "./kit hint $number" ;;
3) say 'That was the last one. A solution: %s' "$(echo "$directory"/solution.*)" ;;
*) say 'These are all. A solution: %s' "$(echo "$directory"/solution.*)" ;;
esac
[ $count -gt 3 ] || { echo $count > "$shown"; } 2> /dev/null || {
    echo "kit: $shown cannot be written: the next hint will be this one again" >&2
    exit 1
}
