# A page for each chapter, to print: made from the tutorial, so it cannot drift.
#
#   awk -f tools/headings.awk -f tools/handout.awk TUTORIAL.md >handout.html
#
# On a page: the question, the prediction with room to write, the chapter's first
# picture, the commands of "Run it" and "Break it", the three lines to
# remember and the exercise's command.  A chapter that lacks question or
# prediction, or "Were you right?" without its three lines, is an error.
#
# All words are the tutorial's own, so they are in its language; code is in English,
# lest fonts of that language make a won of a backslash.

function html(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	return text
}

# A command goes on below itself, and is not broken after a hyphen.
function command(text) {
	gsub(/[^ ]+-[^ ]+/, "<span>&</span>", text)
	return text
}

function inline(text,  out) {
	text = html(text)
	while (match(text, /\[[^]]*\]\([^)]*\)/)) {
		out = substr(text, RSTART + 1, RLENGTH - 1)
		sub(/\].*/, "", out)
		text = substr(text, 1, RSTART - 1) out substr(text, RSTART + RLENGTH)
	}
	while (match(text, /`[^`]*`/))
		text = substr(text, 1, RSTART - 1) "<code>" \
			substr(text, RSTART + 1, RLENGTH - 2) "</code>" \
			substr(text, RSTART + RLENGTH)
	gsub(/\*/, "", text)
	# A particle, and what is in parentheses, stays with its word: "프로세스(process)는".
	while (match(text, /\)(<\/code>)?[^ -~]/))
		text = substr(text, 1, RSTART) "&NoBreak;" substr(text, RSTART + 1)
	while (match(text, /[^ -~]\(/))
		text = substr(text, 1, RSTART) "&NoBreak;" substr(text, RSTART + 1)
	return text
}

function lack(what) {
	printf "%s: %s has no %s\n", FILENAME, chapter, what > "/dev/stderr"
	bad = 1
}

function page() {
	if (chapter == "")
		return
	if (openers < 2) lack("question and prediction")
	if (answered && lines != 3) lack("three lines to remember")
	printf "<section>\n<h1>%s</h1>\n<p><b>%s</b> %s</p>\n", \
		inline(title), label[1], inline(opener[1])
	printf "<p><b>%s</b> %s</p>\n<div class=\"room\"></div>\n", label[2], inline(opener[2])
	if (picture != "")
		printf "<pre lang=\"en\">%s</pre>\n", picture
	for (i = 1; i <= parts; i++)
		if (typed[part[i]] != "")
			printf "<h2>%s</h2>\n<pre lang=\"en\">%s</pre>\n", called[part[i]], typed[part[i]]
	if (answered)
		printf "<h2>%s</h2>\n<ol>\n%s</ol>\n", inline(to_remember), remember
	print "</section>"
}

function begin_document(    language) {
	language = FILENAME
	if (!sub(/\.md$/, "", language) || !sub(/.*\./, "", language))
		language = "en"
	printf "<!DOCTYPE html>\n<html lang=\"%s\"><meta charset=\"utf-8\"><title>%s</title>\n", language, substr($0, 3)
	print "<style>@page { size: A4; margin: 14mm } body { font: 10pt/1.35 sans-serif; max-width: 182mm }"
	print "body:lang(ko) { font-family: \"Noto Sans CJK KR\", \"Noto Sans KR\", NanumGothic, \"Apple SD Gothic Neo\", \"Malgun Gothic\", sans-serif; word-break: keep-all }"
	print "pre, code { font-family: \"DejaVu Sans Mono\", Menlo, Consolas, monospace }"
	# What a page leaves is room to write.
	print "section { break-after: page; display: flex; flex-direction: column; min-height: 262mm } section > * { margin-bottom: 0 }"
	print "h1 { font-size: 16pt } h2 { font-size: 11pt; margin-top: 1em } h2 + * { margin-top: .4em }"
	print "pre { font-size: 7.5pt; background: #f4f4f4; padding: .5em; white-space: pre-wrap; overflow-wrap: anywhere }"
	print "pre div { padding-left: 4ch; text-indent: -4ch } pre span { white-space: nowrap }"
	print ".room { flex: 1 0 16mm; max-height: 40mm; border-bottom: 1px dotted }</style>"
}

BEGIN {
	parts = split("run-it,break-it,exercise", part, ",")
}

/^```/ && fence != "" { code = $0; shown = 0; next }
/^```$/ {
	if (code == "```text" && !has_picture && chapter != "") has_picture = 1
	code = ""
	next
}
code == "```text" && !has_picture { picture = picture html($0) "\n"; next }
code == "```console" {
	if (/^\$ /) shown = 1
	else if (!/^> /) shown = 0
	if (shown) typed[kind] = typed[kind] "<div>" command(html($0)) "</div>"
	next
}
code { next }

heading == 1 && !begun++ { begin_document() }
heading == 2 {
	page()
	title = substr($0, 4)
	chapter = section ~ /^([01][0-9]-|under-an-engine$)/ ? section : ""
	picture = remember = to_remember = kind = ""
	lines = has_picture = answered = openers = taking = 0
	split("", typed)
	next
}
heading {
	kind = section
	sub(/-[0-9]+$/, "", kind)
	called[kind] = inline(substr($0, heading + 2))
	taking = 0
	if (kind == "were-you-right") answered = 1
	next
}
marked { next }
!NF { taking = 0 }

# The question and the prediction: the first paragraphs with a bold beginning.
kind == "" && /^\*\*[^*]+\*\*/ && openers < 2 {
	taking = ++openers
	match($0, /^\*\*[^*]+\*\*/)
	label[taking] = substr($0, 3, RLENGTH - 4)
	opener[taking] = ""
	$0 = substr($0, RLENGTH + 2)
}
taking { opener[taking] = opener[taking] $0 " " }

kind != "were-you-right" { next }
/^[0-9]\. / {
	lines++
	remember = remember "<li>" inline(substr($0, 4))
	next
}
lines && /^   / { remember = remember " " inline($0) }
lines { remember = remember "\n" }
!lines && NF { to_remember = $0; sub(/:$/, "", to_remember) }

END {
	page()
	exit bad
}
