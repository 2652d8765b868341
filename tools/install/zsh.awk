# Completion for zsh, from what table.sh printed:  awk -v program=NAME -f zsh.awk OPTIONS
#
# Each option becomes a word for _arguments: '(-d --dot)'{-d,--dot}'[help]'.

BEGIN { FS = "\t" }

function quoted(text) {
	gsub(/'/, "'\\''", text)
	return "'" text "'"
}

function escaped(text) {
	gsub(/\[|\]|:|\\/, "\\\\&", text)
	return text
}

function action(argument,    words) {
	if (argument == "-")
		return ""
	words = argument
	gsub(/\|/, " ", words)
	return ":" escaped(argument) ":" (argument == "DIR" ? "_directories" : \
		argument ~ /^(FILE|PATH)$/ ? "_files" : words != argument ? "(" words ")" : " ")
}

$1 == "summary" {
	order[++count] = $2
	takes[$2] = $3
	text[$2] = $4
	next
}
{
	rest = "[" escaped($6) "]" action($5)
	# One may be given again: (repeat), and the stages' lists of things.
	star = $5 == "-" ? "" : "*"
	if ($3 == "-")
		entry = quoted(star "--" $4 (star ? "=" : "") rest)
	else if (star)
		entry = "'*'{-" $3 "+,--" $4 "=}" quoted(rest)
	else
		entry = "'(-" $3 " --" $4 ")'{-" $3 ",--" $4 "}" quoted(rest)
	# Before a verb they stand together; -v is --mount there.
	if ($2 == "help" && (($4, 1) in stage))
		next
	if ($2 == "help" && $3 == "v")
		entry = quoted("--" $4 rest)
	if ($2 == "help" && $5 != "-")
		before = before (before ? "|" : "") "--" $4
	if ($2 == "")
		stage[$4, 1]
	list[$2] = list[$2] "        " entry "\n"
}

function is_verb(name) { return name != "" && name != "help" }

END {
	print "#compdef " program
	print "# Completion of " program " for zsh; made by zsh.awk.\n"
	for (i = 1; i <= count; i++)
		has_verbs += is_verb(order[i])
	print "local -a options verbs ids"
	print "local verb i"
	print "options=("
	printf "%s%s)\n", list[""], list["help"]
	if (!has_verbs) {
		print (takes[""] ~ /COMMAND/ ? "_arguments -S -A '-*' $options '1: :_command_names -e' '*::: :_normal'" : "_arguments -S $options")
		exit
	}
	print "verbs=("
	for (i = 1; i <= count; i++)
		if (is_verb(order[i])) {
			print "    " quoted(order[i] ":" escaped(text[order[i]]))
			names = names (names ? "|" : "") order[i]
		}
	print "    'help:List the verbs.'\n)"
	print "# The first word that is no option, nor an option's argument."
	print "for ((i = 2; i < CURRENT; i++)); do"
	print "    case $words[i] in"
	print "    " before ") ((i++)) ;;"
	print "    -*) ;;"
	print "    " names ") verb=$words[i]; break ;;"
	print "    *) break ;;"
	print "    esac"
	print "done"
	print "if [[ -z $verb ]]; then"
	print "    _arguments -S -A '-*' $options '1: :{ _describe verb verbs; _command_names -e }' '*::: :_normal'"
	print "    return"
	print "fi"
	print "shift $((i - 1)) words"
	print "((CURRENT -= i - 1))"
	print "ids=(${(f)\"$(" program " list --quiet 2>/dev/null)\"})"
	print "case $verb in"
	for (i = 1; i <= count; i++)
		if (is_verb(order[i])) {
			print order[i] ")"
			print "    options=("
			printf "%s    )", list[order[i]]
			print (takes[order[i]] ~ / ID/ ? "\n    _arguments -S $options ':container:($ids)' '*:: : '" : \
				"\n    _arguments -S $options '*: :_files'")
			print "    ;;"
		}
	print "esac"
}
