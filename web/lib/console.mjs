// A block of the tutorial that is typed: its commands, and what they print.
// The rules are those of the tutorial's own test (tests/tutorial/tutorial.awk).

/**
 * @typedef {object} Command
 * @property {string} text      as typed; more lines after the first were marked by "> "
 * @property {string[]} wanted  the lines that it prints
 */

/**
 * @param {string} block  the text between the fences
 * @returns {Command[]}
 */
export function parseBlock(block) {
    /** @type {Command[]} */
    const commands = [];
    for (const line of block.replace(/\n$/, "").split("\n")) {
        const last = commands.at(-1);
        if (line.startsWith("$ ")) commands.push({ text: line.slice(2), wanted: [] });
        else if (line.startsWith("> ") && last && last.wanted.length === 0) last.text += `\n${line.slice(2)}`;
        else last?.wanted.push(line);
    }
    return commands;
}

/**
 * Numbers of four and more digits are alike, and so are blanks.  Where the text has
 * "?" for a terminal (its test runs without one), a reader has one.
 * @param {string} text
 */
const squeeze = (text) => text
    .replace(/(^|\s)(pts\/\d+|ttyS\d+)(?=\s|$)/g, "$1?")
    .replace(/[0-9]{4,}/g, "N")
    .replace(/[ \t]+/g, " ")
    .replace(/[ \t\r]+$/, "");

/** @param {string} text */
const quote = (text) => text.replace(/[\\^$.[\]|()*+?{}]/g, "\\$&");

/** @param {string} wanted @param {string} got */
export function lineMatches(wanted, got) {
    const expected = squeeze(wanted), actual = squeeze(got);
    if (expected === actual) return true;
    if (!expected.includes("...")) return false;
    return new RegExp(`^${expected.split("...").map(quote).join(".*")}$`).test(actual);
}

/**
 * As `lines`, or with one part of them (from some line to the end) as ls(1) prints it where
 * there is no terminal, as in the text: not in columns, but one name a line.
 * @param {string[]} wanted @param {string[]} lines
 */
export function matchesAtTerminal(wanted, lines) {
    if (matches(wanted, lines)) return true;
    return lines.some((line, at) => /\S(\s{2,}|\t)\S/.test(line)
        && matches(wanted, [...lines.slice(0, at), ...lines.slice(at).flatMap((each) => each.trim().split(/\s+/)).sort()]));
}

/**
 * Are these the lines that were wanted?  "..." alone stands for any number of lines.
 * @param {string[]} wanted @param {string[]} got
 * @returns {boolean}
 */
export function matches(wanted, got, from = 0, at = 0) {
    for (let w = from, g = at; ; w++, g++) {
        if (w === wanted.length) return g === got.length;
        if (wanted[w] === "...") {
            if (w === wanted.length - 1) return true;
            for (let rest = g; rest <= got.length; rest++)
                if (matches(wanted, got, w + 1, rest)) return true;
            return false;
        }
        if (g >= got.length || !lineMatches(wanted[w] ?? "", got[g] ?? "")) return false;
    }
}

const NOTICE = /^\[\d+\]([+-]?\s+(Done|Killed|Terminated|Exit \d+|Running|Hangup)\b.*| \d+)$/;

/**
 * What a terminal showed, as lines: without colours, and without what only an
 * interactive shell says ("[1] 4711", "[1]+  Killed ...").
 * @param {string} raw
 */
export function outputLines(raw) {
    const text = raw
        // eslint-disable-next-line no-control-regex
        .replace(/\x1b\][^\x07]*\x07|\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]/g, "")
        .replace(/\r+\n/g, "\n");
    const lines = text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines.filter((line) => !NOTICE.test(line.trimEnd()));
}
