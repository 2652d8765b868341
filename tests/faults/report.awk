# What was found, by case and verdict: first known.txt, then the results.
#
# what=document: the tables of docs/FAULTS.md.  what=summary: totals, and each
# fault that is no exception; then it ends with 1.
BEGIN {
    FS = "\t"
    columns = split("done noted said silent double less harmed left hangs crashes", column, " ")
    first_wrong = 4
    for (i = first_wrong; i <= columns; i++)
        is_wrong[column[i]] = 1
    reason_of["main"] = "before main() begins: the C library, or a library's constructor, has no way to say it"
    reason_of["message"] = "what fails is the writing of the message itself"
}

FILENAME ~ /known.txt$/ {
    if ($0 ~ /^#/ || split($0, part, / \| /) != 4)
        next
    known++
    known_case[known] = "^(" part[1] ")$"
    known_call[known] = part[2]
    known_verdict[known] = "^(" part[3] ")$"
    known_reason[known] = part[4]
    next
}

FILENAME ~ /\.plan$/ {
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.plan$/, "", name)
    planned[name] = $1
    next
}

FNR == 1 {
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.[0-9a-f]+\.tsv$/, "", name)
    names[++files] = name
}

# PASS ADDRESS ERROR VERDICT WHERE CALL WHY; why it is none, or "".
function excuse(k) {
    if ($5 in reason_of)
        return reason_of[$5]
    for (k = 1; k <= known; k++)
        if (name ~ known_case[k] && $6 ~ known_call[k] && $4 ~ known_verdict[k])
            return known_reason[k]
    return ""
}

{
    if ($4 == "unreached") {
        unreached[name]++
        next
    }
    tried[name]++
    if (!($4 in is_wrong)) {
        count[name, $4]++
        next
    }
    why = excuse()
    if (why == "") {
        count[name, $4]++
        wrong++
        list[wrong] = name " " $1 " " $2 " " $3 ": " $4 ": " $6 ": " substr($7, 1, 400)
    } else {
        excused[name]++
        if (!excused_for[why]++)
            reasons[++reason_count] = why
        if (!excused_in[why, name]++)
            where[why] = where[why] (where[why] ? ", " : "") name
    }
}

function row(label, which, line, i) {
    line = "| " label " | " planned[which] + 0 " | " tried[which] + 0 " |"
    for (i = 1; i <= columns; i++)
        line = line " " (count[which, column[i]] ? count[which, column[i]] : "0") " |"
    print line " " excused[which] + 0 " | " unreached[which] + 0 " |"
}

function sums(f, i) {
    for (f = 1; f <= files; f++) {
        tried["all"] += tried[names[f]]
        planned["all"] += planned[names[f]]
        excused["all"] += excused[names[f]]
        unreached["all"] += unreached[names[f]]
        for (i = 1; i <= columns; i++)
            count["all", column[i]] += count[names[f], column[i]]
    }
}

function document(f, i, line) {
    print "Of commit " commit ":\n"
    line = "| | faults | tried |"
    for (i = 1; i <= columns; i++)
        line = line " " column[i] " |"
    print line " excepted | not met |"
    line = "| --- | ---: | ---: |"
    for (i = 1; i <= columns + 2; i++)
        line = line " ---: |"
    print line
    for (f = 1; f <= files; f++)
        row(names[f], names[f])
    row("**all**", "all")
    print "\n## The exceptions\n\n| faults | where | why |\n| ---: | --- | --- |"
    for (i = 1; i <= reason_count; i++)
        print "| " excused_for[reasons[i]] " | " where[reasons[i]] " | " reasons[i] " |"
    if (wrong)
        print "\n## What is wrong\n"
    for (i = 1; i <= wrong; i++)
        print "    " list[i]
}

END {
    sums()
    if (what == "document") {
        document()
        exit
    }
    for (i = 1; i <= wrong; i++)
        print list[i]
    printf "%d faults: %d right, %d wrong, %d excepted, %d not met\n", tried["all"],
        tried["all"] - wrong - excused["all"], wrong, excused["all"], unreached["all"]
    exit wrong > 0
}
