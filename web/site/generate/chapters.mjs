// A tutorial is one file; on the page each chapter is one.
import { heading, linesOutsideCode } from "./anchors.mjs";

/**
 * @typedef {object} Chapter
 * @property {string} slug      the name of its heading: the same in each language
 * @property {string} title
 * @property {string} text      its headings one level up: the chapter's is the page's
 * @property {string[]} anchors
 */

/**
 * @param {string} text  after `anchored`
 * @returns {Chapter[]}  the first is what stands before any chapter
 */
export function chapters(text) {
    /** @type {Chapter[]} */
    const all = [];
    for (const { line, isCode } of linesOutsideCode(text)) {
        const found = isCode ? null : heading(line);
        if (found && found.level <= 2) all.push({ slug: found.id, title: found.title, text: "", anchors: [] });
        const chapter = all.at(-1);
        if (!chapter) continue;
        if (found) chapter.anchors.push(found.id);
        if (!isCode && line === "---") continue;
        chapter.text += `${found && found.level > 1 ? line.slice(1) : line}\n`;
    }
    return all;
}
