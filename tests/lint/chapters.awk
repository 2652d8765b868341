# A chapter of the tutorial ends in the same form as all others.
#
#   awk -f tools/headings.awk -f tests/lint/chapters.awk TUTORIAL.md

function wrong(what) {
	print FILENAME ": " chapter ": " what
	bad = 1
}

function finish() {
	if (chapter != "" && !answered)
		wrong("no \"Were you right?\"")
}

heading == 2 {
	finish()
	chapter = section ~ /^([01][0-9]-|under-an-engine$)/ ? section : ""
	last = ""
	answered = 0
}

heading != 3 || chapter == "" { next }

is_called("were-you-right") { answered = 1; last = "right" }
is_called("what-goes-wrong") && answered { wrong("\"What goes wrong\" is before \"Were you right?\"") }
is_called("exercise") {
	if (answered && last != "right")
		wrong("the exercise follows \"Were you right?\"")
	last = "exercise"
}
is_called("read-alongside") && last == "right" && chapter ~ /^[01]/ {
	wrong("the exercise is before \"Read alongside\"")
}

END {
	finish()
	exit bad
}
