// Every heading gets its name, so that a place has the same address in each language:
// a translation has it in a mark before the heading, the English text as GitHub makes it.

const MARK = /^<a id="([^"]*)" data-from="[^"]*"><\/a>$/;
const HEADING = /^(#+) (.*?)(?: \{#([^}]*)\})?$/;

/** An anchor as GitHub makes it of a heading. @param {string} heading */
export const anchor = (heading) => heading.toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "").replace(/ /g, "-");

/** A line that is a heading, with its name if that is there. @param {string} line */
export function heading(line) {
    const [, signs = "", title = "", id = ""] = HEADING.exec(line) ?? [];
    return signs ? { level: signs.length, title, id } : null;
}

/** The names of all headings, in their order. @param {string} text  after `anchored` */
export const anchorsOf = (text) => linesOutsideCode(text)
    .map(({ line, isCode }) => isCode ? undefined : heading(line)?.id)
    .filter((id) => id !== undefined);

/** @param {string} text */
export function linesOutsideCode(text) {
    let isCode = false;
    return text.split("\n").map((line) => {
        const isFence = line.startsWith("```");
        if (isFence) isCode = !isCode;
        return { line, isCode: isCode || isFence };
    });
}

/** "## Title" becomes "## Title {#its-name}".  The second of a name is "-1", as at GitHub. @param {string} text */
export function anchored(text) {
    /** @type {Map<string, number>} */
    const seen = new Map();
    let marked = "", isBlank = false;
    return linesOutsideCode(text).flatMap(({ line, isCode }) => {
        const found = isCode ? null : heading(line), mark = isCode ? null : MARK.exec(line);
        if (mark) {
            marked = mark[1] ?? "";
            isBlank = true;
            return [];
        }
        if (isBlank && line === "") return []; // the one between mark and heading
        isBlank = false;
        if (!found) return [line];
        const name = anchor(found.title), count = seen.get(name) ?? 0;
        seen.set(name, count + 1);
        const id = marked || (count ? `${name}-${count}` : name);
        marked = "";
        return [`${"#".repeat(found.level)} ${found.title} {#${id}}`];
    }).join("\n");
}
