# From started.txt a linker script: what is named there lies side by side.
/^[^#]/ {
	for (i = 2; i <= NF; i++)
		name[++n] = "*" $1 ($1 ~ "/$" ? "" : ".a:") $i ".o"
}

function list(section) {
	print "SECTIONS {", section ".started : {"
	for (i = 1; i <= n; i++)
		print name[i] "(" section, section ".*)"
	print "}"
}

END {
	list(".rodata")
	print "} INSERT AFTER .rodata;"
	list(".text")
	print ".fini : { KEEP (*(SORT_NONE(.fini))) } } INSERT BEFORE .text;"
}
