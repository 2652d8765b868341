# A man page: the text of a person, with the program's own options put in.
#
#   awk -v version=1.0.0 -v day=2026-11-30 -f man.awk OPTIONS PAGE.in
#
# OPTIONS is what table.sh printed.  In the page, a line of its own:
#
#   @date              .Dd, from day
#   @options SECTION   a list; of a verb without those that have no verb
#   @verbs             all verbs, each with its summary and its options
#
#    @explain LINE      that line, if explain is installed, too
#
# and @version, @bindir, @docdir anywhere.  Files without such lists, as those in
# examples/, are made by it, too.

BEGIN { FS = "\t" }

function say(text) { print text }

# The words from outside may have any character.
function placed(text, word, value,    at, done) {
	while ((at = index(text, word)) > 0) {
		done = done substr(text, 1, at - 1) value
		text = substr(text, at + length(word))
	}
	return done text
}

# plain PATH: as install.sh has it
function plain(path) {
	gsub(/\/\/+/, "/", path)
	sub(/\/$/, "", path)
	return path
}

# "-d, --detach": and only once what a verb has of the stages, or all have (-h).
function option(n,    line) {
	line = ".It"
	if (letter[n] != "-")
		line = line " Fl " letter[n] " ,"
	line = line " Fl -" name[n]
	if (argument[n] != "-")
		line = line " Ar " argument[n]
	say(line)
	say(help[n])
}

function options(of,    i, any) {
	for (i = 1; i <= count; i++) {
		if (section[i] != of || (of != "" && (name[i], help[i]) in always))
			continue
		if (!any++)
			say(".Bl -tag -width Ds")
		option(i)
	}
	if (any)
		say(".El")
}

function verbs(    i) {
	say(".Bl -tag -width Ds")
	for (i = 1; i <= verb_count; i++) {
		split(usage[verb[i]], word, " ")
		say(".It Ic " verb[i] (word[2] == "" ? "" : " Ar" substr(usage[verb[i]], length(verb[i]) + 1)))
		say(summary[verb[i]])
		options(verb[i])
	}
	say(".El")
}

function date(    months, part) {
	split("January February March April May June July August September October November December", months, " ")
	split(day, part, "-")
	say(".Dd " months[part[2] + 0] " " (part[3] + 0) ", " part[1])
}

FILENAME ~ /options$/ && $1 == "summary" {
	usage[$2] = $3
	summary[$2] = $4
	if ($2 != "" && $2 != "help")
		verb[++verb_count] = $2
	next
}
FILENAME ~ /options$/ {
	section[++count] = $2
	letter[count] = $3
	name[count] = $4
	argument[count] = $5
	help[count] = $6
	if ($2 == "")
		always[$4, $6]
	next
}

/^@date$/ { date(); next }
/^@options/ { options(substr($0, 10)); next }
/^@verbs$/ { verbs(); next }
/^@explain / { if (!explain) next; sub(/^@explain /, "") }
{
	line = placed($0, "@version", version)
	line = placed(line, "@bindir", plain(ENVIRON["bindir"]))
	print placed(line, "@docdir", plain(ENVIRON["docdir"]))
}
