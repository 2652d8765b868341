# Has a translation the shape of its English text, and is it made from what that
# says now?
#
#   awk -v language=ko -v hashes=FILE -f tools/headings.awk \
#       -f tools/translation/compare.awk ENGLISH TRANSLATION
#
# hashes has "NAME HASH" for each section of the English text.  Compared are, in
# each section: its name, level and place; blocks of code and comments, which are
# the same, byte for byte; tables, by their rows and columns; lists, by their
# items; where links lead, whatever the order; and each number, and each word in
# backticks, is there, too (how often, and which besides, is a matter of the
# language).

BEGIN {
	KINDS = split("code comment table item word number link", kind, " ")
	plural["code"] = "blocks of code"
	plural["comment"] = "comments (<!-- -->)"
	plural["table"] = "tables"
	plural["item"] = "items of lists"
	while ((getline line < hashes) > 0) {
		split(line, word, " ")
		hash[word[1]] = word[2]
	}
	# Other hosts' pages in either language are the same.
	TONGUE = "(en|" language ")"
}

FNR == 1 {
	paragraph_ends()
	text++
	file[text] = FILENAME
	directory = FILENAME ~ /\// ? FILENAME : ""
	sub(/[^\/]*$/, "", directory)
	indented = table = ""
	blank = 1
}

heading {
	paragraph_ends()
	name = section
	text == 1 ? know_heading() : meet_heading()
}

/^```/ && fenced && fence != "" { paragraph_ends(); block = $0; next }
fenced && fence == "" { add("code", block "\n" $0); next }
fenced { block = block "\n" $0; next }

# Commands, four blanks in.
/^    / && (blank || indented != "") { indented = indented (indented == "" ? "" : "\n") $0; next }
/^    / { spoken = spoken " " $0; next }
NF && indented != "" { indented_ends() }
indented != "" { indented = indented "\n"; next }

/^ *([-*]|[0-9]+[.]) / { add("item", "") }
/^\|/ { row($0) }
!/^\|/ && table != "" { add("table", table); table = "" }
/^<!--/ { add("comment", $0); next }
!NF { paragraph_ends(); blank = 1; next }
!marked { blank = 0; spoken = spoken " " $0 }

END {
	paragraph_ends()
	if (text < 2)
		exit 1
	compare_order()
	for (s = 1; s <= sections[1]; s++)
		if ((order[1, s]) in seen)
			compare_section(order[1, s])
	exit bad
}

# name: of the section
function add(kind, value) {
	item[text, name, kind, ++count[text, name, kind]] = value
}

function row(line,    cells) {
	gsub(/\\\|/, "", line)
	cells = gsub(/\|/, "", line) - 1
	table = table (table == "" ? "" : " ") cells
}

# Not the blank lines that follow.
function indented_ends() {
	sub(/\n+$/, "", indented)
	add("code", indented)
	indented = ""
}

# Code and links may be broken by the end of a line.
function paragraph_ends(    rest, found) {
	if (indented != "")
		indented_ends()
	if (table != "")
		add("table", table)
	table = ""
	rest = spoken
	spoken = ""
	gsub(/[ \t]+/, " ", rest)
	while (match(rest, /`[^`]*`/)) {
		found = substr(rest, RSTART, RLENGTH)
		add("word", same_file(found))
		# What looks like a link in it is none.
		rest = substr(rest, 1, RSTART - 1) "'" substr(rest, RSTART + RLENGTH)
	}
	while (match(rest, /\]\([^) ]+\)/)) {
		add("link", same_page(substr(rest, RSTART + 2, RLENGTH - 3)))
		rest = substr(rest, 1, RSTART) substr(rest, RSTART + RLENGTH)
	}
	while (match(rest, /[0-9]+/)) {
		add("number", substr(rest, RSTART, RLENGTH))
		rest = substr(rest, RSTART + RLENGTH)
	}
}

# `README.ko.md` is `README.md`.
function same_file(word) {
	sub("[.]" language "[.]md`$", ".md`", word)
	return word
}

function is_there(path,    line, status) {
	status = getline line < path
	close(path)
	return status >= 0
}

# Where a link of the English text leads in the translation.
function same_page(target,    path, rest, other) {
	if (target ~ /^[a-z]+:/) {
		sub("/" TONGUE "(-[a-z]+)?/", "/", target)
		sub("[.]" TONGUE "[.]html", ".html", target)
		return target
	}
	path = target
	sub(/#.*/, "", path)
	rest = substr(target, length(path) + 1)
	if (text == 2 || path !~ /\.md$/)
		return target
	other = path
	if (sub("[.]" language "[.]md$", ".md", other))
		return other rest
	sub(/md$/, language ".md", other)
	return (is_there(directory other) ? other : path) rest
}

function wrong(where, what) {
	printf "%s: %s: %s\n", file[2], where, what
	bad = 1
}

function know_heading() {
	order[1, ++sections[1]] = name
	level[name] = heading
}

function meet_heading() {
	if (!(name in level)) {
		wrong($0, file[1] " has no such section, or its mark is not before it, " \
			"with a blank line between: <a id=\"NAME\" data-from=\"-\"></a>")
		return
	}
	if (name in seen)
		wrong(name, "is there twice")
	seen[name] = 1
	order[2, ++sections[2]] = name
	if (level[name] != heading)
		wrong(name, "its heading has " heading " #, the English one " level[name])
	made_from[name] = from
}

function compare_order(    s, t) {
	for (s = 1; s <= sections[1]; s++)
		if (!((order[1, s]) in seen))
			wrong(order[1, s], "is missing; it follows " \
				(s > 1 ? order[1, s - 1] : "nothing") " in " file[1])
	t = 1
	for (s = 1; s <= sections[2]; s++) {
		while (!((order[1, t]) in seen))
			t++
		if (order[1, t] != order[2, s]) {
			wrong(order[2, s], "is at another place: here " file[1] " has " order[1, t])
			return
		}
		t++
	}
}

function compare_section(name,    k, n, here, there, where) {
	for (k = 1; k <= KINDS; k++) {
		if (!(kind[k] in plural)) {
			compare_sets(name, kind[k])
			continue
		}
		there = count[1, name, kind[k]] + 0
		here = count[2, name, kind[k]] + 0
		if (here != there)
			wrong(name, here " " plural[kind[k]] ", in the English text " there)
		for (n = 1; n <= here && n <= there; n++)
			if (item[1, name, kind[k], n] != item[2, name, kind[k], n]) {
				wrong(name, differs(kind[k], item[1, name, kind[k], n], item[2, name, kind[k], n]))
				break
			}
	}
	where = "TO=" language " FILE=" file[1] " SECTION=" name
	if (made_from[name] !~ /[0-9a-f]/)
		wrong(name, "was not stamped; once it says the same: make translation STAMP=1 " where)
	else if (made_from[name] != hash[name])
		wrong(name, "is old, the English section has changed: make translation " where)
}

function differs(what, there, here,    n, i, a, b) {
	if (what == "table")
		return "a table's rows have these columns: " here "; in the English text: " there
	n = split(there, a, "\n")
	split(here, b, "\n")
	for (i = 1; i < n && a[i] == b[i]; i++)
		;
	return "this is copied as it is: \"" a[i] "\", and here is \"" b[i] "\""
}

# Each link as often as in the English text.
function compare_sets(name, what,    n, value, much) {
	split("", much)
	for (n = 1; n <= count[1, name, what]; n++)
		much[item[1, name, what, n]]++
	for (n = 1; n <= count[2, name, what]; n++)
		much[item[2, name, what, n]] -= what == "link" ? 1 : 1000
	for (value in much) {
		if (much[value] > 0)
			wrong(name, what " of the English section is missing: " value)
		if (much[value] < 0 && what == "link")
			wrong(name, what " is not in the English section, or not so often: " value)
	}
}
