# Writes into a translation from which English text it is: in the marks of all
# sections, or of the one called `only`.
#
#   awk -v hashes=FILE -v only= -f tools/headings.awk -f tools/translation/stamp.awk TRANSLATION
#
# hashes has "NAME HASH" for each section.

BEGIN {
	while ((getline line < hashes) > 0) {
		split(line, word, " ")
		hash[word[1]] = word[2]
	}
}

FNR == 1 && FILENAME !~ /\.md$/ {
	print "# from " hash["text"]
	if (/^# from /)
		next
}

marked && (mark in hash) && (only == "" || only == mark) {
	printf "<a id=\"%s\" data-from=\"%s\"></a>\n", mark, hash[mark]
	next
}

{ print }
