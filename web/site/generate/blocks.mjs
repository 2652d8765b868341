// What stands before a block of code, as comments, becomes the block's own words,
// which the renderer reads (.vitepress/blocks.mjs).
import { isFile, read } from "./files.mjs";

const WORDS = /^<!-- (not run|needs|as|file): (.*?) *-->$/;

/** In which line of a file does a quote begin?  @param {string} file @param {string[]} quote */
function lineOf(file, quote) {
    const at = `\n${read(file)}`.indexOf(`\n${quote.join("\n")}\n`);
    return at < 0 ? 1 : `\n${read(file)}`.slice(0, at + 1).split("\n").length - 1;
}

/** @param {Record<string, string>} words */
const asInfo = (words) => Object.entries(words)
    .map(([name, value]) => ` ${name.replace(" ", "-")}=${encodeURIComponent(value)}`).join("");

/** @param {string} text */
export function blocks(text) {
    const lines = text.split("\n");
    /** @type {string[]} */
    const out = [];
    /** @type {Record<string, string>} */
    let words = {};
    for (let i = 0; i < lines.length; i++) {
        const line = lines[i] ?? "";
        const word = WORDS.exec(line);
        if (word) {
            words[word[1] ?? ""] = word[2] ?? "";
            continue;
        }
        if (line.startsWith("<!--")) {
            while (i < lines.length && !(lines[i] ?? "").includes("-->")) i++;
            continue;
        }
        if (!line.startsWith("```")) {
            if (line.trim()) words = {};
            out.push(line);
            continue;
        }
        const end = lines.findIndex((other, at) => at > i && other === "```");
        const body = lines.slice(i + 1, end);
        const file = words["file"];
        if (file && isFile(file)) words["line"] = String(lineOf(file, body));
        out.push(line + asInfo(words), ...body, "```");
        words = {};
        i = end;
    }
    return out.join("\n");
}
