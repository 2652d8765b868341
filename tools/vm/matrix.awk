# From the logs of ./kit check-vm: a table, stage by guest, and the tests that
# ran in no guest.

function cell(guest, row,    text) {
    if (!((guest, row) in seen))
        return "-"
    text = pass[guest, row] + 0
    if (skip[guest, row])
        text = text " / " skip[guest, row]
    if (fail[guest, row])
        text = text " **" fail[guest, row] " failed**"
    return text
}

function count(row, word) {
    seen[guest, row] = 1
    if (!(row in known)) {
        known[row] = 1
        if (row !~ /^[01][0-9]$/)
            others[++other_count] = row
    }
    if (word == "pass") pass[guest, row]++
    if (word == "skip") skip[guest, row]++
    if (word == "FAIL") fail[guest, row]++
}

function line(name, values,    i) {
    printf "| %s |", name
    for (i = 1; i <= guests; i++)
        printf " %s |", values[order[i]]
    print ""
}

$1 == "guest:" { guest = $2; order[++guests] = guest; section = ""; told = 0 }

# What failed is told again at the end: once is enough.
/^This failed:/ { told = 1 }
/^== as an ordinary user/ { told = 0 }
$1 == "date:" { date[guest] = $2 " " $3 }
$1 == "kit:" { kit[guest] = $2 ($3 ? " " $3 : "") }
$1 == "set:" { set[guest] = $2 }
$1 == "seconds:" { minutes[guest] = int(($2 + 30) / 60) " min" }
$1 == "status:" && $2 { ended[guest] = $2 }
/^Linux [^ ]+ [a-z0-9_]+$/ { kernel[guest] = $2; machine[guest] = $3 }

/^== / {
    section = substr($0, 4)
    sub(/:.*/, "", section)
    sub(/^the /, "", section)
    if (section ~ /^does this machine/)
        section = ""
}

# A stage's tests, each a line.
/^(pass|skip|FAIL)  [01][0-9] / && !told {
    name = $3
    sub(/:$/, "", name)
    count($2, $1)
    if ($1 != "skip")
        ran[$2 " " name] = 1
    else {
        reason = $0
        sub(/^[^:]*: */, "", reason)
        skipped[$2 " " name] = reason == $0 ? "" : reason
    }
    if ($1 == "FAIL")
        failures = failures "- " guest ": " $2 " " name "\n"
}

# Everything else says its totals.
/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped/ && section !~ /^test_[01]/ && section != "" {
    count(section, "")
    pass[guest, section] += $1
    fail[guest, section] += $3
    skip[guest, section] += $5
    if ($3)
        failures = failures "- " guest ": " section ", " $3 " of them\n"
    section = ""
}

END {
    print "# On the systems its users have"
    print ""
    print "Written by `./kit check-vm`, which starts these guests (`tools/vm/guests.sh`) and runs `./kit check` in"
    print "each; `./kit web --test inside` runs the tests of isolation in the page's machine, i386.  A cell says how"
    print "many tests passed / were skipped, each with its reason in the guest's log, `build/vm/NAME.log`; `-` was"
    print "not run.  The set \"quick\" is what the guest is there for, of a stage the tests of isolation (`guest_quick`"
    print "in that file): on a machine without KVM the whole takes hours."
    print ""
    for (i = 1; i <= guests; i++) values[order[i]] = order[i]
    line("", values)
    printf "| --- |"
    for (i = 1; i <= guests; i++) printf " --- |"
    print ""
    line("Linux", kernel); line("processor", machine)
    for (i = 1; i <= 10; i++) {
        row = sprintf("%02d", i)
        for (g = 1; g <= guests; g++) values[order[g]] = cell(order[g], row)
        line("stage " row, values)
    }
    for (r = 1; r <= other_count; r++) {
        for (g = 1; g <= guests; g++) values[order[g]] = cell(order[g], others[r])
        line(others[r], values)
    }
    line("set", set); line("time", minutes); line("date (UTC)", date); line("kit", kit)
    for (i = 1; i <= guests; i++)
        if (ended[order[i]] == 124 || ended[order[i]] > 125)
            failures = failures "- " order[i] ": ended early, with status " ended[order[i]] "\n"
    print "\n## What failed\n"
    printf "%s", failures ? failures : "Nothing.\n"
    print "\n## Tests that ran in no guest\n"
    for (test in skipped)
        if (!(test in ran)) {
            print "- " test ": " skipped[test] | "sort"
            nowhere++
        }
    close("sort")
    if (!nowhere)
        print "None: each ran in one of them at least."
}
