#!/bin/sh
# Is a reader answered in his language, and is a translation that is not (or no
# longer) the English text found out?
#
#   tests/kit/languages.sh
#
# In a little clone of its own, with a language of its own: xx.
# shellcheck disable=SC2016 # Markdown and sed
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
unset LANGUAGE LANG LC_ALL LC_MESSAGES MAKEFLAGS MAKELEVEL MFLAGS TO FILE SECTION STAMP BEGIN
subject=languages said=$work/said
. tests/verdict.sh

clone=$work/clone
mkdir -p "$clone/exercises/05-cgroups" "$clone/05-cgroups" "$clone/tests"
cp -R tools "$clone"
cp -R tests/lint "$clone/tests"
cp kit "$clone"
cp exercises/05-cgroups/hints.txt exercises/05-cgroups/after.txt "$clone/exercises/05-cgroups"
cd "$clone" || exit 1
cat > README.md << 'END'
# One

A word in `backticks`, 64 words without, [another page](05-cgroups/README.md#map), [a section](#two).

## Two

<!-- not run: no -->
```console
$ echo one
one
```

    sudo ./kit demo

| a | b |
| --- | --- |
| 1 | `c` |

## Two

The second of its name; [elsewhere](https://kubernetes.io/docs/concepts/).

- an item
END
printf '# Map\n\nNothing.\n' > 05-cgroups/README.md

# report NAME STATUS: 0 is a pass
report() {
    [ "$2" = 0 ] && wrong= || wrong="it does not"
    judge "$1" "$wrong" "$said"
}

# says NAME PATTERN COMMAND...
says() {
    name=$1 pattern=$2
    shift 2
    "$@" > "$work/said" 2>&1
    grep -Eq -- "$pattern" "$work/said"
    report "$name" $?
}

# quiet NAME COMMAND...: succeeds, and says nothing
quiet() {
    name=$1
    shift
    "$@" > "$work/said" 2>&1 && [ ! -s "$work/said" ]
    report "$name" $?
}

check() { tools/translation.sh check; }

# ---- A translation ----

quiet one_language_is_enough check
for text in README.md 05-cgroups/README.md exercises/05-cgroups/hints.txt; do
    tools/translation.sh begin $text xx > /dev/null
done
says a_text_that_is_missing_is_named '^exercises/05-cgroups/after.xx.txt: is missing$' check
tools/translation.sh begin exercises/05-cgroups/after.txt xx > /dev/null
says a_section_that_was_not_stamped_is_named '^README.xx.md: two-1: was not stamped; .* SECTION=two-1$' check
says so_is_a_plain_text 'hints.xx.txt: was not stamped' check
sed -i 's/^# One/# 하나/; s/^## Two/## 둘/; s/A word in/낱말은/; s/README.md/README.xx.md/; s,io/docs,io/xx/docs,' README.xx.md
for text in README.md 05-cgroups/README.md exercises/05-cgroups/hints.txt exercises/05-cgroups/after.txt; do
    tools/translation.sh stamp $text '' xx > /dev/null
done
quiet a_translation_is_accepted check
quiet so_are_links_to_its_sections tests/lint/links.sh README.xx.md
quiet in_utf_8_too env LC_ALL=C.UTF-8 tools/translation.sh check
cp README.xx.md "$work/good"

# found NAME PATTERN SED: what is done to it is said
found() {
    sed -i "$3" README.xx.md
    says "$1" "^README.xx.md: $2" check
    cp "$work/good" README.xx.md
}

found a_changed_command_is_found 'two: .*echo one.*echo two' 's/echo one/echo two/'
found a_changed_command_in_prose_is_found 'two: .*kit demo' 's/kit demo/kit Demo/'
found a_block_too_few_is_found 'two: 1 blocks of code' '/^    sudo/d'
found a_changed_comment_is_found 'two: .*not run: no' 's/not run: no/not run: yes/'
found a_column_too_many_is_found 'two: a table' 's/^| 1 /| 1 | 2 /'
found another_row_too 'two: a table' '/^| 1 /d'
found a_lost_link_is_found 'one: link .*missing: 05-cgroups/README.xx.md#map' 's/(05-cgroups[^)]*)//'
found a_link_to_the_english_text_is_found 'one: link is not .*: 05-cgroups/README.md#map' 's/README.xx.md/README.md/'
found a_link_elsewhere_is_found 'two-1: link is not' 's/kubernetes.io/example.com/'
found a_lost_word_is_found 'one: word .*missing: `backticks`' 's/`backticks`/backticks/'
found a_lost_item_is_found 'two-1: 0 items of lists, .* 1' '/^- /d'
found a_changed_number_is_found 'one: number .*missing: 64' 's/64/65/'
found a_lost_section_is_found 'two-1: is missing' '/^<a id="two-1"/,$d'
found a_lost_mark_is_found '## 둘: README.md has no such section' '/^<a id="two"/d'
found another_level_is_found 'two: its heading' 's/^## 둘/### 둘/'
found sections_in_another_order_are_found 'two.*: is at another place' \
    's/id="two"/id="two-2"/; s/id="two-1"/id="two"/; s/id="two-2"/id="two-1"/'
echo 'one more paragraph' | sed 's/^/\n/' >> exercises/05-cgroups/hints.xx.txt
says a_hint_too_many_is_found 'hints.xx.txt: 4 paragraphs' check
sed -i '$d' exercises/05-cgroups/hints.xx.txt

touch docs.xx.md
says what_is_a_translation_of_nothing_is_named '^docs.xx.md: there is no docs.md' check
rm docs.xx.md

if command -v git > /dev/null; then
    git init -q . && git add README.md && git -c user.name=a -c user.email=a commit -q -m one
    sed -i 's/The second of/The last of/' README.md
    says what_is_old_is_named '^README.xx.md: two-1: is old' check
    [ "$(wc -l < "$work/said")" = 1 ]
    report and_nothing_else $?
    says what_changed_is_shown '\[-second-\]\{\+last\+\} of its name' tools/translation.sh show README.md two-1 xx
    tools/translation.sh stamp README.md two-1 xx > /dev/null
    quiet a_stamp_says_that_it_is_new check
    tools/translation.sh stamp README.md '' xx HEAD > /dev/null
    says a_stamp_may_be_of_an_earlier_text 'README.xx.md: two-1: is old' check
    tools/translation.sh stamp README.md two-1 xx > /dev/null
    sed -i 's/id="two-1" data-from="[^"]*"/id="two-1" data-from="0123456789"/' README.xx.md
    says a_hash_of_nowhere_is_said 'no commit of README.md has .*0123456789' tools/translation.sh show README.md two-1 xx
else
    verdict skip what_changed_is_shown "git is not installed"
fi

# ---- What is asked for by mistake ----

# refused NAME PATTERN WORD...: and nothing is written
refused() {
    name=$1 pattern=$2
    shift 2
    find . -path ./.git -prune -o -type f -exec cksum {} + | sort > "$work/before"
    says "$name" "$pattern" tools/translation.sh "$@"
    find . -path ./.git -prune -o -type f -exec cksum {} + | sort > "$work/said"
    diff "$work/before" "$work/said" > /dev/null
    report "after_${name}_all_is_as_before" $?
}

echo '# Mine' > mine.md
refused a_text_that_is_there_is_not_begun_again '^translation: README.xx.md is there$' begin README.md xx
refused only_what_is_compared_is_begun '^translation: mine.md is not among' begin mine.md xx
refused a_path_as_a_language '^translation: "../xx" is no language$' begin README.md ../xx
refused a_pattern_as_a_language '^translation: "[*]" is no language$' stamp README.md '' '*'
refused a_language_with_a_blank '^translation: "x y" is no language$' show README.md two 'x y'
refused a_language_to_check_is_one_too '^translation: "x/y" is no language$' check x/y
refused a_path_as_a_section '^translation: README.md has no section' stamp README.md ../hashes xx
refused a_text_without_an_edition '^translation: there is no mine.xx.md$' stamp mine.md '' xx
rm mine.md

# A full disk, as a cat that gives up.
mkdir "$work/full"
printf '#!/bin/sh\nhead -c 100 "$@"\necho "cat: no space" >&2\nexit 1\n' > "$work/full/cat"
chmod +x "$work/full/cat"
PATH=$work/full:$PATH refused a_full_disk_cuts_nothing_off '^cat: no space$' stamp README.md '' xx

# ---- Hints ----

sed -i '2s/.*/첫 힌트/' exercises/05-cgroups/hints.xx.txt
printf 'The next one is nearer: %%s\t다음: %%s\n' > exercises/sentences.xx.txt

# hint NAME PATTERN VARIABLE=VALUE...: what begins the hint of a reader with these
hint() {
    name=$1 pattern=$2
    shift 2
    rm -rf build
    says "$name" "^1[.] $pattern" env "$@" ./kit hint 05
}

english="A limit is a line in a file"
hint no_locale_is_english "$english" A=
hint lang_chooses_the_language 첫 LANG=xx_XX.UTF-8
grep -q '^다음: ./kit hint 05$' "$work/said"
report so_is_what_follows_it $?
! grep -q '^# from' "$work/said"
report and_the_hash_is_not_said $?
hint a_language_alone_does 첫 LANG=xx
sed -i "2s/.*/첫 힌트$(printf ' 길지만 %.0s' 1 2 3 4 5 6 7 8 9 10 11 12)/" exercises/05-cgroups/hints.xx.txt
hint a_long_line_is_said 첫 LANG=xx
[ "$(LC_ALL=C.UTF-8 wc -L < "$work/said")" -le 79 ]
report and_has_room_on_a_terminal $?
[ "$(grep -o 길지만 "$work/said" | wc -l)" = 12 ]
report and_no_word_is_lost $?
hint lc_messages_is_before_lang "$english" LANG=xx LC_MESSAGES=de_DE.UTF-8
hint lc_all_is_before_both 첫 LANG=de_DE LC_MESSAGES=en_US.UTF-8 LC_ALL=xx_XX.UTF-8@x
hint an_empty_one_counts_as_none 첫 LANG=xx LC_ALL= LC_MESSAGES=
hint language_is_before_all 첫 LANG=de_DE.UTF-8 LANGUAGE=de:xx_XX:en
hint english_in_language_ends_the_search "$english" LANG=xx LANGUAGE=en_US:xx
hint language_is_nothing_in_locale_c "$english" LC_ALL=C LANGUAGE=xx
hint a_path_is_no_language "$english" LANG=../../xx
hint a_language_without_hints_is_english "$english" LANG=de_DE.UTF-8
mkdir -p build/hints
echo 'a[$(touch executed)]' > build/hints/05
says what_is_no_count_begins_anew "^1[.] $english" ./kit hint 05
[ ! -e executed ]
report and_is_not_executed $?
rm exercises/05-cgroups/after.xx.txt
says what_is_missing_is_said_in_english "^What the kit's stage 05" env LANG=xx ./kit after 05
says who_names_no_exercise_is_told_in_any_language 'they are 01 to 10' env LANG=xx ./kit hint 11

# ---- Names ----

mkdir -p mine "$work/judged/05"
cp /bin/true "mine/김민수"
printf 'program\t%s\npass\tcore\t1\ta_b\n' "$PWD/mine/김민수" > "$work/judged/05/one"
for locale in C C.UTF-8 ko_KR.UTF-8; do
    says "progress_in_$locale" '^05  ############  1 of 1 .* mine/김민수$' \
        env LC_ALL=$locale JUDGED="$work/judged" tools/progress.sh 05
done

totals
