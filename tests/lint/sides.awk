# Who runs a function, the parent or the child:  awk -f sides.awk HEADER...
#
# Where a header says it of one of its functions, it says it of each, at the
# beginning of the comment and always in one of these forms:
#
#     In the parent, before there is a child:      In the child:
#     In the parent, the child waits:              After it:
#     In the parent:                               On either side:
#
# ("In the child, after the gate:" is a form of the third.)  A declaration
# right after another one shares its comment.
BEGIN {
	side = "^(In the parent|In the child|After it|On either side)(, [^:.]*)?: "
}

function finish(    i) {
	for (i = 1; has_sides && i <= without; i++) {
		print place[i] ": who runs it, the parent or the child?"
		bad = 1
	}
	has_sides = without = 0
	comment = ""
}

FNR == 1 {
	finish()
}

/^\/\*/ { comment = ""; inside = 1 }
inside {
	line = $0
	gsub(/^\/?[ ]?\*+[ ]?|[ ]?\*\/.*$/, "", line)
	comment = comment (comment == "" ? "" : " ") line
	if (/\*\//)
		inside = 0
	next
}
/^$/ { comment = "" }
/^[a-z].*\(/ && !/^(typedef|static)/ {
	if (comment ~ side)
		has_sides = 1
	else
		place[++without] = FILENAME ":" FNR
}

END { finish(); exit bad }
