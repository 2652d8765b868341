# Cuts a text into its sections: each becomes a file with its name, from the
# heading to the next one, without the mark and without blank lines at its end.
#
#   awk -v into=DIRECTORY -f tools/headings.awk -f tools/translation/sections.awk FILE
#
# A file that is not Markdown is one section, "text"; "# from HASH" in its first
# line is its mark.

FNR == 1 { plain = FILENAME !~ /\.md$/ }
plain && FNR == 1 { begin("text") }
plain && FNR == 1 && /^# from / { next }
!plain && marked { next }
!plain && heading { begin(section) }
out == "" { next }
NF { printf "%s%s\n", blank, $0 > out; blank = ""; next }
{ blank = blank "\n" }

function begin(name) {
	if (out != "")
		close(out)
	out = into "/" name
	blank = ""
}
