// A tutorial is one file; on the page each chapter is one.

/** An anchor as GitHub makes it of a heading. @param {string} heading */
export const anchor = (heading) => heading.toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "").replace(/ /g, "-");

/**
 * @typedef {object} Chapter
 * @property {string} slug
 * @property {string} title
 * @property {string} text      its headings one level up: the chapter's is the page's
 * @property {string[]} anchors
 */

/**
 * @param {string} text
 * @returns {Chapter[]}  the first is what stands before any chapter
 */
export function chapters(text) {
    /** @type {Chapter[]} */
    const all = [];
    let isCode = false;
    for (const line of text.split("\n")) {
        if (line.startsWith("```")) isCode = !isCode;
        const heading = isCode ? null : /^(#+) (.*)$/.exec(line);
        if (heading && (heading[1] ?? "").length <= 2)
            all.push({ slug: anchor(heading[2] ?? ""), title: heading[2] ?? "", text: "", anchors: [] });
        const chapter = all.at(-1);
        if (!chapter) continue;
        if (heading) chapter.anchors.push(anchor(heading[2] ?? ""));
        if (!isCode && line === "---") continue;
        const isUp = heading && (heading[1] ?? "").length > 1;
        chapter.text += `${isUp ? line.slice(1) : line}\n`;
    }
    return all;
}
