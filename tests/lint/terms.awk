# In an edition of the tutorial in another language: does each word of its
# glossary stand beside the English one, in parentheses, in the chapter that the
# glossary names?
#
#   awk -f tools/headings.awk -f tests/lint/terms.awk TUTORIAL.ko.md

heading == 2 { chapter = section ~ /^[01][0-9]-/ ? substr(section, 1, 2) : section }
chapter == "words" && /^\|/ { row[++rows] = $0 }
!fenced && chapter != "words" {
	line = tolower($0)
	gsub(/^ +/, "", line)
	text[chapter] = text[chapter] line " "
}

# beside TERM ENGLISH: "term(... english ...)", or *term*(...)
function beside(here, term, english,    at, after) {
	while ((at = index(here, term)) > 0) {
		here = substr(here, at + length(term))
		after = here
		sub(/^\**/, "", after)
		sub(/\).*/, "", after)
		if (after ~ /^\(/ && index(after, english))
			return 1
	}
	return 0
}

# "copy on write, copy up", "virtual cable (veth)": one of these is enough.
function explained(here, term, english,    words, word, i) {
	words = split(english, word, / *[,()] */)
	for (i = 1; i <= words; i++)
		if (word[i] != "" && (index(term, word[i]) || beside(here, term, word[i])))
			return 1
	return 0
}

END {
	for (i = 3; i <= rows; i++) { # after the title
		split(row[i], cell, / *\| */)
		english = tolower(cell[2])
		term = tolower(cell[3])
		sub(/ *\(.*/, "", term)
		sub(/.*, /, "", term)
		chapter = cell[5] ~ /^[01][0-9]$/ ? cell[5] : "under-an-engine"
		if (!explained(text[chapter], term, english)) {
			printf "%s: %s: \"%s\" needs the English beside it once, (%s): its chapter in the glossary\n", \
				FILENAME, chapter, term, english
			bad = 1
		}
	}
	exit bad
}
