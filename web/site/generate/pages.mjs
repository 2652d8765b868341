// All pages, as Markdown, into web/site/pages.  Nothing here is written by hand:
// chapters, maps, documents, code, differences and exercises come from the clone.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { blocks } from "./blocks.mjs";
import { anchor, chapters } from "./chapters.mjs";
import { diff } from "./diffs.mjs";
import { code, isFile, read, stages, texts, top, tutorials } from "./files.mjs";
import { writeListings } from "./listings.mjs";
import { licences } from "./licences.mjs";
import { links } from "./links.mjs";
import { starters } from "./starters.mjs";


export const out = join(top, "web/site/pages");
rmSync(out, { recursive: true, force: true });

/** @param {string} name @param {string} text */
function write(name, text) {
    const file = join(out, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
}

/** @param {Record<string, unknown>} words */
const front = (words) => `---\n${Object.entries(words).map(([k, v]) => `${k}: ${JSON.stringify(v)}`).join("\n")}\n---\n\n`;

/** @type {import("./links.mjs").Pages & { more: Set<string> }} */
const pages = {
    byFile: new Map(), byAnchor: new Map(), more: new Set(),
    code(file) {
        if (!code.includes(file)) this.more.add(file);
        return `/code#${file}`;
    },
};

const pageOf = (/** @type {string} */ file) => file === "README.md" ? "/about"
    : `/${file.replace(/README\.md$/, "").replace(/\.md$/, "")}`;
for (const file of texts) pages.byFile.set(file, pageOf(file));

const books = tutorials.map(({ file, language }) => {
    const [begin, ...all] = chapters(read(file));
    const prefix = language ? `/${language}/tutorial` : "/tutorial";
    const byAnchor = new Map();
    for (const { slug, anchors } of all)
        for (const each of anchors) if (!byAnchor.has(each)) byAnchor.set(each, `${prefix}/${slug}`);
    pages.byAnchor.set(file, byAnchor);
    return { file, language, prefix, begin, all };
});

/** The stage that a chapter is about, "" if none. @param {string} title */
const stageOf = (title) => stages.find((stage) => /^\d\d /.test(title) && stage.startsWith(title.slice(0, 2))) ?? "";

/** A file's name in a map leads to the file. @param {string} text @param {string} file */
const withFiles = (text, file) => text.replace(/`([\w./-]+\.[ch])`/g, (whole, name) => {
    const path = posix.join(posix.dirname(file), name);
    return isFile(path) ? `[${whole}](${pages.code(path)})` : whole;
});

const lessons = starters();
const hasLesson = (/** @type {string} */ stage) => lessons.some((lesson) => lesson.stage === stage);

/** What belongs to a chapter beside its text. @param {string} stage */
const besides = (stage) => stage ? `\n::: tip Beside this chapter\n${[
    `[the map of its files](/${stage}/)`,
    stages[0] === stage ? "" : `[what it adds to the stage before, side by side](/diff/${stage})`,
    hasLesson(stage) ? `[write it yourself, here](/exercise/${stage})` : "",
].filter(Boolean).join(" · ")}\n:::\n` : "";

for (const { file, prefix, begin, all } of books) {
    for (const { slug, title, text } of all) {
        const stage = stageOf(title);
        const [first = "", ...rest] = text.split("\n");
        write(`${prefix.slice(1)}/${slug}.md`, front({ title, stage, pageClass: "chapter" })
            + links(blocks([first, besides(stage), ...rest].join("\n")), file, pages));
    }
    if (begin) write(`${prefix.slice(1)}/index.md`, front({ title: begin.title }) + links(blocks(begin.text), file, pages));
}
for (const file of texts)
    write(file === "README.md" ? "about.md" : file.replace(/README\.md$/, "index.md"),
        front({ title: /^# (.*)/m.exec(read(file))?.[1] ?? file }) + links(withFiles(blocks(read(file)), file), file, pages));
for (const stage of stages.slice(1)) {
    write(`diff/${stage}.md`, front({ title: `What ${stage} adds`, aside: false, pageClass: "wide", search: false })
        + `# What [${stage}](/${stage}/) adds to \`main.c\`\n\nBeside it come the module's own files: [the map](/${stage}/).\n\n\`\`\`stage-diff of=${stage}\n\`\`\`\n`);
    write(`public/diff/${stage}.part`, diff(stage));
}
/** What the chapter asks for. @param {string} stage */
function task(stage) {
    const [{ all = [], file = "" } = {}] = books;
    const text = all.find(({ title }) => stageOf(title) === stage)?.text ?? "";
    const section = /^## Exercise$([\s\S]*?)(?=^## )/m.exec(text)?.[1] ?? "";
    return links(blocks(section), file, pages);
}

for (const { stage, files } of lessons) {
    write(`exercise/${stage}.md`, front({ title: `Write ${stage} yourself`, aside: false, pageClass: "wide", stage })
        + `# Write ${stage} yourself\n${task(stage)}\n\`\`\`stage-exercise of=${stage}\n\`\`\`\n`);
    write(`public/exercise/${stage}.json`, JSON.stringify({ stage, files }));
}
pages.code("LICENSE");
await writeListings([...code, ...pages.more], write);
write("code.md", front({ title: "Code", search: false, aside: false, pageClass: "code" }) + "```stage-code of=\n```\n");
write("licences.md", front({ title: "Licences, and where the sources are", search: false }) + licences());

/** What the sidebar shows. */
write("sidebar.json", JSON.stringify({
    books: books.map(({ language, prefix, begin, all }) => ({
        language, title: begin?.title ?? "", prefix, items: all.filter(({ text }) => anchor(text) !== "").map(({ title, slug }) => ({ text: title, link: `${prefix}/${slug}` })),
    })),
    stages, exercises: lessons.map(({ stage }) => stage),
    texts: texts.filter((file) => !/^[01]\d-/.test(file)).map((file) => ({ text: /^# (.*)/m.exec(read(file))?.[1] ?? file, link: pageOf(file) })),
}));
