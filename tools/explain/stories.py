#!/usr/bin/env python3
"""The stories of docs/EXPLAIN.md, told anew by bin/explain.

    tools/explain/stories.py tell [NAME...] >TOLD   type the commands of these stories, or of all
    tools/explain/stories.py write <TOLD            put that into the texts of all languages

A story is a block after a comment "story: NAME".  Its lines that begin with "$ "
are typed, in one shell, by whoever runs this and may use sudo without a password;
all else in it is what they printed.  What differs each time is made the same
(process ids, names by chance), and lines are cut where "..." ends them.  Where a
program is missing, complains or ends the shell, the texts keep what they have.
"""
import glob
import os
import re
import shutil
import subprocess
import sys

TEXT = "docs/EXPLAIN.md"
BLOCK = re.compile(r"(<!-- story: (\S+?)(?:, without (\S+))? -->\n```console\n)(.*?)(?=^```$)", re.M | re.S)
LONGEST = 160
# "sudo: a password is required": a line of a story does not begin like that.
COMPLAINT = re.compile(r"^.*(?:(?<!.)[\w./-]+: |not found|No such file).*$", re.M)

# What is made the same: the group called "id" is a process, "chance" is a name.
SAME = re.compile(r"""
      ^(?P<who>\S+(?:\ \S+)?\ )(?P<id>\d{3,})(?=\ |$)
    | (?:->|--target|cgroup\.procs)\ (?P<id2>\d{3,})
    | ten-steps/\d\d-[a-z]+\.(?P<id3>\d{3,})(?P<chance>\.\d+)
    | (?:compat|bug-check|runc\.|unix-export/|nspawn-|boot-id)(?P<chance2>\w{6,})
    | \ (?P<chance3>[0-9a-f]{12,})
    """, re.X)


def same(line, ids):
    """Process ids become 1001 and so on, as they appear."""
    def one(found):
        parts = []
        at = found.start()
        for name, value in found.groupdict().items():
            if value is None or name == "who":
                continue
            parts.append(line[at:found.start(name)])
            if name.startswith("id"):
                parts.append(ids.setdefault(value, str(10 ** (len(value) - 1) + len(ids) + 1)))
            else:
                parts.append(re.sub(r"\w", "X", value))
            at = found.end(name)
        return "".join(parts) + line[at:found.end()]
    line = SAME.sub(one, line)
    return line if len(line) <= LONGEST else line[:LONGEST - 4].rstrip() + " ..."


def shorten(lines, without):
    """Of each turn of one program, whose story is told elsewhere, the first line."""
    kept, out = [], False
    for line in lines:
        if line[:1] != " ":
            out = without is not None and re.match(rf"({without}|exe)\b", line)
            kept.append(line)
        elif not out:
            kept.append(line)
        elif kept[-1] != "...":
            kept.append("...")
    return kept


class Untold(Exception):
    """Why."""


def tell(block, without):
    """Ids begin at 1000, so that columns are as wide each time."""
    commands = re.findall(r"^\$ .*(?:\n> .*)*", block, re.M)
    script = "exec 2>&1\n"
    for command in commands:
        script += "echo 999 | sudo tee /proc/sys/kernel/ns_last_pid >/dev/null; echo @@\n"
        script += re.sub(r"^[$>] ", "", command, flags=re.M) + "\n"
    script += "echo @@\n"
    said = subprocess.run(["sh", "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          check=False, text=True, errors="replace").stdout
    complaint = COMPLAINT.search(said)
    if complaint:
        raise Untold(complaint[0])
    parts = said.split("@@\n")[1:]
    if len(parts) != len(commands) + 1:
        raise Untold("the shell did not come to the end of it")
    ids, told = {}, []
    for command, printed in zip(commands, parts):
        told += command.splitlines()
        told += shorten([same(line.rstrip(), ids) for line in printed.splitlines()], without)
    return "".join(line + "\n" for line in told)


def tell_all(names):
    with open(TEXT, encoding="utf-8") as text:
        blocks = BLOCK.findall(text.read())
    for _, name, without, block in blocks:
        if names and name not in names:
            continue
        try:
            print(f"@@@ {name}\n{tell(block, without or None)}", end="", flush=True)
        except Untold as why:
            print(f"{name}: not told: {why}", file=sys.stderr)


def write(told):
    """A text is replaced as a whole, or not at all."""
    for name in glob.glob("docs/EXPLAIN.md") + glob.glob("docs/EXPLAIN.*.md"):
        with open(name, encoding="utf-8") as text:
            old = text.read()
        with open(f"{name}.new", "w", encoding="utf-8") as text:
            text.write(BLOCK.sub(lambda b: b[1] + told.get(b[2], b[4]), old))
        shutil.copymode(name, f"{name}.new")
        os.replace(f"{name}.new", name)


def main():
    os.chdir(os.path.join(os.path.dirname(__file__), "../.."))
    os.environ.update(LC_ALL="C", PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if sys.argv[1:2] == ["tell"]:
        tell_all(sys.argv[2:])
    elif sys.argv[1:] == ["write"]:
        write(dict(re.findall(r"^@@@ (\S+)\n(.*?)(?=^@@@|\Z)", sys.stdin.read(), re.M | re.S)))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
