# What the tests said of a program, as TAP or as JUnit's XML.
#
#   PROGRAM=... awk -v form=tap|junit -v stage=05-cgroups -v date=... -f tests/report.awk RESULTS
#
# Of TAP it is what version 13 knows: who reads 14 reads that, and Debian 12's
# prove takes no other.  A line of RESULTS: tests/runner/results.c.

BEGIN {
    FS = "\t"
    parts = split("core rest", part, " ")
    title["core"] = "the lesson"
    title["rest"] = "the rest"
}

{
    n = ++count[$2]
    verdict[$2, n] = $1
    name[$2, n] = $4
    seconds[$2, n] = $5
    place[$2, n] = $6
    message[$2, n] = $7
    total[$2, $1]++
    time[$2] += $5
}

END {
    if (form == "tap") tap()
    else junit()
}

# With its line ends and tabs again.
function plain(text,    out, at, mark) {
    out = ""
    while ((at = index(text, "\\")) > 0) {
        mark = substr(text, at + 1, 1)
        out = out substr(text, 1, at - 1) (mark == "n" ? "\n" : mark == "t" ? "\t" : mark)
        text = substr(text, at + 2)
    }
    return out text
}

function first_line(text) {
    text = plain(text)
    sub(/\n.*/, "", text)
    return text
}

function sentence(text) {
    gsub(/_/, " ", text)
    return text
}

# In double quotes, as YAML and JSON have it: \n and \\ are in the line already.
function quoted(text) {
    gsub(/"/, "\\\"", text)
    return "\"" text "\""
}

function tap(    p, i, which, number) {
    print "TAP version 13"
    print "1.." count["core"] + count["rest"]
    print "# " ENVIRON["PROGRAM"] " as stage " stage
    for (p = 1; p <= parts; p++) {
        which = part[p]
        for (i = 1; i <= count[which]; i++) tap_test(which, i, ++number)
    }
}

function tap_test(which, i, number,    word, why) {
    word = verdict[which, i]
    printf "%s %d - %s: %s", word == "FAIL" ? "not ok" : "ok", number, title[which], sentence(name[which, i])
    if (word == "skip" || word == "n/a") {
        why = first_line(message[which, i])
        gsub(/#/, "\\#", why)
        printf " # SKIP %s", why
    }
    print ""
    print "  ---"
    print "  part: " which
    print "  duration_ms: " int(seconds[which, i] * 1000)
    if (word == "FAIL") {
        print "  message: " quoted(message[which, i])
        if (place[which, i] != "") print "  at: " quoted(place[which, i])
    }
    print "  ..."
}

function xml(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    gsub(/"/, "\\&quot;", text)
    return text
}

function junit(    p, i, which) {
    print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
    printf "<testsuites name=\"%s\" tests=\"%d\" failures=\"%d\" time=\"%.3f\">\n", xml(stage), \
        count["core"] + count["rest"], total["core", "FAIL"] + total["rest", "FAIL"], time["core"] + time["rest"]
    for (p = 1; p <= parts; p++) {
        which = part[p]
        printf "  <testsuite name=\"%s: %s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\" time=\"%.3f\" timestamp=\"%s\">\n", \
            xml(stage), title[which], count[which], total[which, "FAIL"], \
            total[which, "skip"] + total[which, "n/a"], time[which], date
        printf "    <properties><property name=\"program\" value=\"%s\"/></properties>\n", xml(ENVIRON["PROGRAM"])
        for (i = 1; i <= count[which]; i++) junit_test(which, i)
        print "  </testsuite>"
    }
    print "</testsuites>"
}

function junit_test(which, i,    word, head) {
    word = verdict[which, i]
    head = xml(first_line(message[which, i]))
    printf "    <testcase classname=\"%s.%s\" name=\"%s\" time=\"%.3f\"", xml(stage), which, xml(sentence(name[which, i])), \
        seconds[which, i]
    if (word == "pass")
        print "/>"
    else if (word == "FAIL")
        printf ">\n      <failure type=\"%s\" message=\"%s\">%s</failure>\n    </testcase>\n", \
            which, head, xml(place[which, i] (place[which, i] == "" ? "" : ": ") plain(message[which, i]))
    else
        printf ">\n      <skipped message=\"%s\"/>\n    </testcase>\n", head
}
