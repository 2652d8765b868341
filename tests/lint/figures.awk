# The figures of the code, from three kinds of lines on standard input:
#
#     allowed LINES WHAT                   (an exception: a file, or FILE: NAME())
#     function NAME FILE FIRST LAST        (from ctags)
#     file FILE LINES COMMENT-LINES        (blank lines are not counted)
#
# Prints a table by directory.  Exits with 1 if a function is over 50 lines,
# a file over 400 or a header over 60; -v quiet=1 prints only those.

function directory(path) {
	return path ~ /\// ? substr(path, 1, match(path, /\/[^\/]*$/) - 1) : "."
}

function add(list, value) {
	values[list, ++count[list]] = value
}

# The value below which `part` of the list lies.
function percentile(list, part,    i, j, n, held) {
	n = count[list]
	for (i = 2; i <= n; i++) {
		held = values[list, i]
		for (j = i - 1; j > 0 && values[list, j] > held; j--)
			values[list, j + 1] = values[list, j]
		values[list, j + 1] = held
	}
	i = int(n * part + 0.999)
	return n ? values[list, i > 0 ? i : 1] : 0
}

function too_long(what, lines, most) {
	if (what in allowed) {
		most = allowed[what]
	}
	if (lines <= most)
		return
	print what ": " lines " lines, " most " are allowed"
	bad = 1
}

function row(name) {
	printf "%-20s %5d %7d %5d %8d %6d %8d %8.0f%%\n", name, \
		count[name, "file"], percentile(name SUBSEP "file", 0.5), \
		count[name, "function"], \
		percentile(name SUBSEP "function", 0.5), \
		percentile(name SUBSEP "function", 0.9), \
		percentile(name SUBSEP "function", 1), \
		100 * comments[name] / (lines[name] ? lines[name] : 1)
}

$1 == "allowed" {
	lines_allowed = $2
	sub(/^allowed [0-9]* /, "")
	allowed[$0] = lines_allowed
}

$1 == "function" {
	length_ = $5 - $4 + 1
	too_long($3 ": " $2 "()", length_, 50)
	add(directory($3) SUBSEP "function", length_)
	add("all" SUBSEP "function", length_)
}

$1 == "file" {
	too_long($2, $3, $2 ~ /\.h$/ ? 60 : 400)
	name = directory($2)
	if (!(name in lines))
		names[++name_count] = name
	add(name SUBSEP "file", $3)
	add("all" SUBSEP "file", $3)
	lines[name] += $4
	lines["all"] += $4
	comments[name] += $5
	comments["all"] += $5
}

END {
	if (!quiet) {
		print "                     files  median  func-   median   90 %" \
			"  longest  comments"
		print "                             lines  tions    lines" \
			"  lines    lines"
		for (i = 1; i <= name_count; i++)
			row(names[i])
		row("all")
	}
	exit bad
}
