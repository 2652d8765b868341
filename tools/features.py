#!/usr/bin/python3
"""What this runtime can do, beside runc and crun, as a table in Markdown.

    tools/features.py PROGRAM DIR           the table, from PROGRAM as it is
    tools/features.py --ask PROGRAM DIR     first ask the others, into DIR

Nothing in it is written by hand: each runtime says it itself (the verb
`features`, of the specification).  What the others said is kept in DIR, so that
the table can be made, and checked, where they are not installed.
"""
import json
import pathlib
import platform
import subprocess
import sys

OTHERS = ["runc", "crun"]
# These two depend on the machine, not on the program.
LEFT_OUT = {"annotations", "linux.seccomp.supportedFlags"}


INTRODUCTION = """Made by `make features` from what each says of itself (`features`); empty: it does not say.

Engines that were tried with this runtime: podman, Docker and containerd (`tests/oci`), the last one also as Kubernetes
drives it (`tests/oci/cri.sh`: containerd 1.6 of Debian 12; by hand 1.7 of Debian 13 and 2.1 of what will be 14). CRI-O was
not tried: none of these three releases has a package of it.
"""


def run(*words):
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else ""


def ask(name, directory):
    version = run(name, "--version")
    if version is None:
        print(f"{name} is not installed: what it said before stays", file=sys.stderr)
        return
    said = run(name, "features")
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    answer = {"version": version.splitlines()[0], "system": system, "features": json.loads(said) if said else None}
    path = directory / f"{name}.json"
    path.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")


def flatten(value, way=""):
    """{"linux": {"seccomp": {"enabled": true}}} is {"linux.seccomp.enabled": true}."""
    if not isinstance(value, dict):
        return {way: value}
    flat = {}
    for key, member in value.items():
        whole = f"{way}.{key}" if way else key
        if whole not in LEFT_OUT:
            flat.update(flatten(member, whole))
    return flat


def word(value):
    return {True: "yes", False: "no", None: ""}.get(value, str(value))


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def print_values(names, columns):
    row("", *names)
    row(*["---"] * (len(names) + 1))
    keys = [key for column in columns for key, value in column.items() if not isinstance(value, list)]
    for key in dict.fromkeys(keys):
        row(f"`{key}`", *[word(column.get(key)) for column in columns])


def print_words(names, columns):
    """Words that the same runtimes know are one row."""
    keys = [key for column in columns for key, value in column.items() if isinstance(value, list)]
    for key in dict.fromkeys(keys):
        lists = [column.get(key) for column in columns]
        rows = {}
        for each in sorted({item for known in lists for item in known or []}):
            who = tuple("" if known is None else word(each in known) for known in lists)
            rows.setdefault(who, []).append(each)
        print(f"\n## `{key}`\n")
        row("", *names)
        row(*["---"] * (len(names) + 1))
        for who, words in sorted(rows.items(), key=lambda item: -len(item[1])):
            row(" ".join(f"`{each}`" for each in words), *who)


def main():
    words = sys.argv[1:]
    asks = words[0] == "--ask"
    program, directory = words[-2], pathlib.Path(words[-1])
    if asks:
        for name in OTHERS:
            ask(name, directory)
    said = [("this runtime", run(program, "--version").splitlines()[0], json.loads(run(program, "features")))]
    for name in OTHERS:
        answer = json.loads((directory / f"{name}.json").read_text(encoding="utf-8"))
        said.append((name, f'{answer["version"]}, of {answer["system"]}', answer["features"]))
    print("# What this runtime can do, beside runc and crun\n")
    print(INTRODUCTION)
    for name, version, features in said:
        what = f"- {name}: {version}" if name not in version else f"- {version}"
        print(what + ("" if features else "; it has no `features`, so it has no column"))
    print()
    known = [(name, flatten(features)) for name, _, features in said if features]
    names, columns = zip(*known)
    print_values(names, columns)
    print_words(names, columns)


main()
