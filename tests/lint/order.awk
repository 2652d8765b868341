# The four functions of a stage's main.c, in their order:  awk -f order.awk FILE...

FNR == 1 { finish(); file = FILENAME; found = "" }
/^[a-z].*[^;]$/ && match($0, /(parse_options|inside|outside|main)\(/) {
	found = found " " substr($0, RSTART, RLENGTH - 1)
}

function finish() {
	if (file != "" && found != " parse_options inside outside main") {
		print file ": its functions are" found \
			", not parse_options, inside, outside, main"
		bad = 1
	}
}

END { finish(); exit bad }
