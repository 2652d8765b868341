// All pages, as Markdown, into web/site/pages.  Nothing here is written by hand:
// chapters, maps, documents, code, differences and exercises come from the clone.
// Each language has all of them, at the same addresses below its name.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { say } from "../words.mjs";
import { anchored, heading } from "./anchors.mjs";
import { blocks } from "./blocks.mjs";
import { chapters } from "./chapters.mjs";
import { diff } from "./diffs.mjs";
import { code, edition, isFile, languages, read, stages, texts, top } from "./files.mjs";
import { writeListings } from "./listings.mjs";
import { licences } from "./licences.mjs";
import { links } from "./links.mjs";
import { helps, starters } from "./starters.mjs";

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
/** A page's file. @param {string} address */
const fileOf = (address) => `${address.slice(1).replace(/(^|\/)$/, "$1index")}.md`;
/** @param {string} language */
const topOf = (language) => language ? `/${language}` : "";
/** @param {string} file  in English */
const pageOf = (file) => file === "README.md" ? "/about" : `/${file.replace(/README\.md$/, "").replace(/\.md$/, "")}`;
/** @param {string} file */
const titleOf = (file) => heading(anchored(read(file)).split("\n").find((line) => line.startsWith("# ")) ?? "")?.title ?? file;

/** @type {import("./links.mjs").Pages & { more: Set<string> }} */
const pages = {
    byFile: new Map(), byAnchor: new Map(), more: new Set(),
    code(file, language) {
        if (!code.includes(file)) this.more.add(file);
        return `${topOf(language)}/code#${file}`;
    },
};

const books = languages.map((language) => {
    const file = edition("TUTORIAL.md", language), prefix = `${topOf(language)}/tutorial`;
    const [begin, ...all] = chapters(anchored(read(file)));
    pages.byAnchor.set(file, new Map(all.flatMap(({ slug, anchors }) => anchors.map((each) => [each, `${prefix}/${slug}`]))));
    for (const text of texts.map((each) => edition(each, language)).filter(isFile))
        pages.byFile.set(text, topOf(language) + pageOf(language ? text.replace(`.${language}.`, ".") : text));
    return { language, file, prefix, begin, all };
});

/** The stage that a chapter is about, "" if none. @param {string} title */
const stageOf = (title) => stages.find((stage) => /^\d\d /.test(title) && stage.startsWith(title.slice(0, 2))) ?? "";

/** A file's name in a map leads to the file. @param {string} text @param {string} file @param {string} language */
const withFiles = (text, file, language) => text.replace(/`([\w./-]+\.[ch])`/g, (whole, name) => {
    const path = posix.join(posix.dirname(file), name);
    return isFile(path) ? `[${whole}](${pages.code(path, language)})` : whole;
});

const lessons = starters();

/** What belongs to a chapter beside its text. @param {string} stage @param {string} language */
function besides(stage, language) {
    const to = topOf(language), t = (/** @type {string} */ sentence) => say(language, sentence);
    return stage ? `\n::: tip ${t("Beside this chapter")}\n${[
        `[${t("the map of its files")}](${to}/${stage}/)`,
        stages[0] === stage ? "" : `[${t("what it adds to the stage before, side by side")}](${to}/diff/${stage})`,
        lessons.some((lesson) => lesson.stage === stage) ? `[${t("write it yourself, here")}](${to}/exercise/${stage})` : "",
    ].filter(Boolean).join(" · ")}\n:::\n` : "";
}

/** What the chapter asks for. @param {typeof books[0]} book @param {string} stage */
function task({ all, file }, stage) {
    const text = all.find(({ title }) => stageOf(title) === stage)?.text ?? "";
    const section = /^## .* \{#exercise(?:-\d+)?\}$([\s\S]*?)(?=^## )/m.exec(text)?.[1] ?? "";
    return links(blocks(section), file, pages);
}

for (const book of books) {
    const { language, file, prefix, begin, all } = book, to = topOf(language);
    const t = (/** @type {string} */ sentence, /** @type {string[]} */ ...words) => say(language, sentence, ...words);
    const elsewhere = (/** @type {string} */ title, /** @type {string} */ page) => front({ title, search: false, pageClass: "elsewhere" })
        + `# ${title}\n\n${t("This text is there in English only.")} [${t("Read it in English")}](${page})\n`;
    for (const { slug, title, text } of all) {
        const stage = stageOf(title);
        const [first = "", ...rest] = text.split("\n");
        write(fileOf(`${prefix}/${slug}`), front({ title, stage, pageClass: "chapter" })
            + links(blocks([first, besides(stage, language), ...rest].join("\n")), file, pages));
    }
    if (begin) write(fileOf(`${to}/`), front({ title: begin.title }) + links(blocks(begin.text), file, pages));
    for (const english of texts) {
        const text = edition(english, language);
        if (isFile(text))
            write(fileOf(to + pageOf(english)), front({ title: titleOf(text) })
                + links(withFiles(blocks(anchored(read(text))), text, language), text, pages));
        else
            write(fileOf(to + pageOf(english)), elsewhere(titleOf(english), pageOf(english)));
    }
    for (const stage of stages.slice(1))
        write(fileOf(`${to}/diff/${stage}`), front({ title: t("What %s adds", stage), aside: false, pageClass: "wide", search: false })
            + `# ${t("What %s adds to `main.c`", `[${stage}](${to}/${stage}/)`)}\n\n${t("Beside it come the module's own files: %s.",
                `[${t("the map")}](${to}/${stage}/)`)}\n\n\`\`\`stage-diff of=${stage}\n\`\`\`\n`);
    for (const { stage } of lessons)
        write(fileOf(`${to}/exercise/${stage}`), front({ title: t("Write %s yourself", stage), aside: false, pageClass: "wide", stage })
            + `# ${t("Write %s yourself", stage)}\n${task(book, stage)}\n\`\`\`stage-exercise of=${stage}\n\`\`\`\n`);
    write(fileOf(`${to}/code`), front({ title: t("Code"), search: false, aside: false, pageClass: "code" }) + "```stage-code of=\n```\n");
    const licence = "Licences, and where the sources are";
    write(fileOf(`${to}/licences`), language ? elsewhere(t(licence), "/licences") : front({ title: licence, search: false }) + licences());
}

for (const stage of stages.slice(1)) write(`public/diff/${stage}.part`, diff(stage));
for (const { stage, files } of lessons)
    write(`public/exercise/${stage}.json`, JSON.stringify({ stage, files, helps: helps(stage) }));
pages.code("LICENSE", "");
await writeListings([...code, ...pages.more], write);

/** What the sidebar shows. */
write("sidebar.json", JSON.stringify({
    books: books.map(({ language, prefix, begin, all }) => ({
        language, title: begin?.title ?? "", prefix, items: all.map(({ title, slug }) => ({ text: title, link: `${prefix}/${slug}` })),
        texts: texts.filter((file) => !/^[01]\d-/.test(file)).map((file) => {
            const text = edition(file, language);
            return { text: titleOf(isFile(text) ? text : file), link: topOf(language) + pageOf(file) };
        }),
    })),
    stages, exercises: lessons.map(({ stage }) => stage),
}));
