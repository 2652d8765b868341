# A page for each chapter, to print: made from the tutorial, so it cannot drift.
#
#   awk -f tools/handout.awk TUTORIAL.md >handout.html
#
# On a page: the question, the prediction with room to write, the chapter's first
# picture, the commands of "Run it" and "Break it", the three lines to
# remember and the exercise's command.  A chapter (## NN ...) that lacks
# question or prediction, or "Were you right?" without its three lines, is an error.

function html(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
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
	return text
}

function lack(what) {
	printf "TUTORIAL.md: chapter %s has no %s\n", title, what > "/dev/stderr"
	bad = 1
}

function page() {
	if (title == "")
		return
	if (question == "") lack("question")
	if (predict == "") lack("prediction")
	if (answered && lines != 3) lack("three lines to remember")
	printf "<section>\n<h1>%s</h1>\n<p><b>The question.</b> %s</p>\n", \
		inline(title), inline(question)
	printf "<p><b>Predict.</b> %s</p>\n<div class=\"room\"></div>\n", inline(predict)
	if (picture != "")
		printf "<pre>%s</pre>\n", picture
	for (i = 1; i <= parts; i++)
		if (typed[part[i]] != "")
			printf "<h2>%s</h2>\n<pre>%s</pre>\n", part[i], typed[part[i]]
	if (answered)
		printf "<h2>To remember</h2>\n<ol>\n%s</ol>\n", remember
	print "</section>"
}

BEGIN {
	print "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Ten steps to a container</title>"
	print "<style>@page { size: A4; margin: 14mm } body { font: 10pt/1.35 sans-serif; max-width: 182mm }"
	print "section { break-after: page } h1 { font-size: 16pt } h2 { font-size: 11pt; margin: 1em 0 .2em }"
	print "pre { font-size: 7.5pt; background: #f4f4f4; padding: .5em; white-space: pre-wrap; overflow-wrap: anywhere }"
	print ".room { height: 16mm; border-bottom: 1px dotted }</style>"
	parts = split("Run it,Break it,Exercise", part, ",")
}

/^```/ && !code { code = $0; shown = 0; next }
/^```$/ {
	if (code == "```text" && !has_picture && title != "") has_picture = 1
	code = ""
	next
}
code == "```text" && !has_picture { picture = picture html($0) "\n"; next }
code == "```console" {
	if (/^\$ /) shown = 1
	else if (!/^> /) shown = 0
	if (shown) typed[section] = typed[section] html($0) "\n"
	next
}
code { next }

/^## / {
	page()
	title = /^## [01][0-9] / ? substr($0, 4) : ""
	question = predict = picture = remember = section = ""
	lines = has_picture = answered = 0
	split("", typed)
	next
}
/^### / { section = substr($0, 5); taking = ""; answered = answered || /Were you right/; next }
/^\*\*The question\.\*\* / { taking = "question"; sub(/^\*\*[^*]*\*\* /, "") }
/^\*\*Predict\.\*\* / && predict == "" { taking = "predict"; sub(/^\*\*[^*]*\*\* /, "") }
/^$/ { taking = "" }
taking == "question" { question = question $0 " " }
taking == "predict" { predict = predict $0 " " }
section == "Were you right?" && /^[0-9]\. / {
	lines++
	sub(/^[0-9]\. /, "")
	remember = remember "<li>" inline($0)
	next
}
section == "Were you right?" && lines && /^   / { remember = remember " " inline($0) }
section == "Were you right?" && lines { remember = remember "\n" }

END {
	page()
	exit bad
}
