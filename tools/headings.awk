# What a line of a text is, the same in every language; awk reads this file
# before the one that uses it.
#
#   fenced    it is in a block of code, or begins or ends one
#   heading   the level of a heading; 0: it is none
#   section   the name of the section, which is the English heading's anchor
#   marked    it is the mark before a heading of a translation, with the name
#             and `from`, the hash of the English section:
#
#                 <a id="the-idea-1" data-from="0123456789"></a>

FNR == 1 {
	fence = mark = section = ""
	split("", times)
}

{
	heading = marked = 0
	fenced = fence != ""
}

/^```/ {
	fenced = 1
	fence = fence == "" ? $0 : ""
}

!fenced && /^<a id="[a-z0-9_-]+" data-from="[0-9a-f-]*"><\/a>$/ {
	split($0, quoted, "\"")
	marked = 1
	mark = quoted[2]
	from = quoted[4]
}

!fenced && /^#+ / {
	heading = index($0, " ") - 1
	section = mark == "" ? anchor(substr($0, heading + 2)) : mark
	mark = ""
}

!fenced && !marked && NF {
	mark = ""
}

# As GitHub makes it.
function anchor(text) {
	text = tolower(text)
	gsub(/[^a-z0-9 _-]/, "", text)
	gsub(/ /, "-", text)
	return text (times[text]++ ? "-" times[text] - 1 : "")
}

# "the-idea-1" is called as "the-idea" is.
function is_called(name) {
	return section == name || section ~ ("^" name "-[0-9]+$")
}
