# A text to be translated: the English one, with a mark before each heading.
#
#   awk -f tools/headings.awk -f tools/translation/begin.awk ENGLISH

FNR == 1 && FILENAME !~ /\.md$/ { print "# from -" }
heading && FILENAME ~ /\.md$/ { printf "<a id=\"%s\" data-from=\"-\"></a>\n\n", section }
{ print }
