// Links between files of the clone become links between pages.
import { posix } from "node:path";
import { edition, isDirectory, isFile, languageOf } from "./files.mjs";

/**
 * @typedef {object} Pages
 * @property {Map<string, string>} byFile      "docs/BENCH.md" -> "/docs/BENCH"
 * @property {Map<string, Map<string, string>>} byAnchor  of a tutorial -> anchor -> page
 * @property {(file: string, language: string) => string} code   makes a page for any other file
 */

/**
 * @param {string} link @param {string} from  the file that it stands in
 * @param {Pages} pages
 * @returns {string | null}  null: it leads nowhere in the page
 */
export function resolve(link, from, pages) {
    if (/^[a-z]+:|^\//.test(link)) return link; // another host's, or a page's already
    const [path = "", fragment = ""] = link.split("#");
    const file = path ? posix.normalize(posix.join(posix.dirname(from), path)).replace(/\/$/, "") : from;
    const hash = fragment ? `#${fragment}` : "";
    const chapters = pages.byAnchor.get(file);
    if (chapters) {
        const page = chapters.get(fragment) ?? [...chapters.values()][0] ?? "/";
        return page.endsWith(`/${fragment}`) ? page : page + hash;
    }
    const language = languageOf(from);
    const page = pages.byFile.get(file) ?? pages.byFile.get(edition(`${file}/README.md`, language))
        ?? pages.byFile.get(`${file}/README.md`);
    if (page) return page + hash;
    if (isDirectory(file)) return null;
    return isFile(file) ? pages.code(file, language) : null;
}

/** All links of a text, but not in its blocks of code. @param {string} text @param {string} from @param {Pages} pages */
export function links(text, from, pages) {
    let isCode = false;
    return text.split("\n").map((line) => {
        if (line.startsWith("```")) isCode = !isCode;
        return isCode ? line : line.replace(/(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^) ]+)\)/g, (_, image, label, link) => {
            if (image) return label;
            const to = resolve(link, from, pages);
            return to ? `[${label}](${to})` : label;
        });
    }).join("\n");
}
