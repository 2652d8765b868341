# The includes of C files:  awk -f includes.awk FILE...
#
# The header that the file implements comes first, then the system's, then
# the project's, each block in alphabetical order, habits/ before the stages;
# and a stage includes only itself, earlier stages and habits/.

function directory(path) {
	sub(/\/[^\/]*$/, "", path)
	return path
}

function wrong(what) {
	print FILENAME ":" FNR ": " what
	bad = 1
}

FNR == 1 {
	block = 0
	last = ""
	stage = FILENAME ~ /^[01][0-9]-/ ? substr(FILENAME, 1, 2) : "99"
	if (FILENAME ~ /^habits\//)
		stage = "00"
	own = FILENAME
	sub(/\.c$/, ".h", own)
	has_own = FILENAME ~ /\.c$/ && (getline line < own) >= 0
	close(own)
}

/^#include/ {
	is_project = /"/
	name = $2
	gsub(/["<>]/, "", name)
	if (block == 0 && has_own && name != own)
		wrong("the first include is not \"" own "\"")
	if (block == 0 && is_project && index(FILENAME, directory(name) "/") == 1) {
		block = 1
		last = ""
		next
	}
	if (!is_project && block == 3)
		wrong("<" name "> comes after the project's own headers")
	if (is_project && block < 3)
		last = ""
	block = is_project ? 3 : 2
	place = (name ~ /^habits\// ? "00-" : "") name
	if (last != "" && last > place)
		wrong(name " comes after " substr(last, last ~ /^00-/ ? 4 : 1))
	last = place
	if (is_project && name !~ /\//)
		wrong("\"" name "\" is not written from the root of the project")
	if (is_project && name ~ /^[01][0-9]-/ && substr(name, 1, 2) > stage)
		wrong("\"" name "\" belongs to a later stage")
}

END { exit bad }
