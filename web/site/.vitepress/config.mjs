// How VitePress makes the page.  The texts are generated (site/generate/pages.mjs).
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { names, say } from "../words.mjs";
import { blockRenderer } from "./blocks.mjs";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const pages = here("../pages");
/**
 * @typedef {{ text: string, link: string }[]} Links
 * @typedef {{ language: string, title: string, prefix: string, items: Links, texts: Links }} Book
 * @type {{ books: Book[], stages: string[], exercises: string[] }}
 */
const menu = JSON.parse(readFileSync(`${pages}/sidebar.json`, "utf8"));
const hasMachine = existsSync(here("../../../build/web-machine/machine.json"));

/** Scripts that stand in the page itself are allowed by their hash, and no others. @param {string} html */
function policy(html) {
    const hashes = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)]
        .map(([, script]) => `'sha256-${createHash("sha256").update(script ?? "").digest("base64")}'`);
    return [
        "default-src 'none'", "base-uri 'self'", "form-action 'none'",
        `script-src 'self' 'wasm-unsafe-eval' ${[...new Set(hashes)].join(" ")}`,
        // The emulator unpacks pieces of the disk in a worker that it makes itself.
        "worker-src 'self' blob:", "connect-src 'self' blob: data:",
        // Highlighted code and the terminal have colours as style attributes.
        "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self' data:", "manifest-src 'self'",
    ].join("; ");
}

/** Where a reader of a language can go. @param {Book} book */
function menus({ language, prefix, items, texts: own }) {
    const to = language ? `/${language}` : "", t = (/** @type {string} */ sentence) => say(language, sentence);
    const chapters = [{ text: t("Chapters"), items }];
    const maps = [{ text: t("The stages' files"), items: menu.stages.map((stage) => ({ text: stage, link: `${to}/${stage}/` })) }];
    const diffs = [{ text: t("What each adds"), items: menu.stages.slice(1).map((stage) => ({ text: stage, link: `${to}/diff/${stage}` })) }];
    const exercises = [{ text: t("Write it yourself"), items: menu.exercises.map((stage) => ({ text: stage, link: `${to}/exercise/${stage}` })) }];
    const texts = [{ text: t("Documents"), items: [...own, { text: t("Licences and sources"), link: `${to}/licences` }] }];
    return {
        nav: [
            { text: t("Tutorial"), link: items[0]?.link ?? "/" },
            { text: t("Files"), link: `${to}/${menu.stages[0]}/` },
            { text: t("Differences"), link: `${to}/diff/${menu.stages[1]}` },
            { text: t("Exercises"), link: `${to}/exercise/${menu.exercises[0]}` },
            { text: t("Documents"), link: `${to}/about` },
        ],
        // Of the beginnings of an address that fit the first counts (of as many parts).
        sidebar: {
            [`${to}/0`]: maps, [`${to}/1`]: maps, [`${to}/code`]: maps, [`${to}/diff/`]: diffs, [`${to}/exercise/`]: exercises,
            [`${prefix}/`]: chapters, [`${to}/index`]: chapters,
            [`${to}/`]: texts,
        },
        outline: { level: 2, label: t("On this page") },
        docFooter: { prev: t("Before"), next: t("Next") },
        darkModeSwitchLabel: t("Light and dark"), lightModeSwitchTitle: t("Make it light"), darkModeSwitchTitle: t("Make it dark"),
        sidebarMenuLabel: t("Menu"), returnToTopLabel: t("To the top"), langMenuLabel: t("Language"), skipToContentLabel: t("Skip to content"),
        notFound: { title: t("There is no such page"), quote: t("The address may have changed; the search above knows all pages."),
            link: `${to}/`, linkLabel: t("To the beginning"), linkText: t("To the beginning") },
    };
}

/** The words of the search. @param {Book} book */
function search({ language }) {
    const t = (/** @type {string} */ sentence) => say(language, sentence);
    return { translations: {
        button: { buttonText: t("Search"), buttonAriaLabel: t("Search") },
        modal: { displayDetails: t("Show all of each"), resetButtonTitle: t("Empty"), backButtonTitle: t("Back"), noResultsText: t("Nothing found for"),
            footer: { selectText: t("to go"), navigateText: t("to choose"), closeText: t("to close") } },
    } };
}

/** @template T @param {(book: Book) => T} make */
const forEach = (make) => Object.fromEntries(menu.books.map((book) => [book.language || "root", make(book)]));

export default defineConfig({
    base: process.env["BASE"] ?? "/",
    srcDir: pages,
    outDir: here("../../../build/web"),
    cacheDir: here("../../../build/web-cache"),
    cleanUrls: false,
    lastUpdated: false,
    metaChunk: true, // what all pages have in common is one file, not in each
    markdown: {
        html: false,
        lineNumbers: false,
        theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
        config: (md) => void blockRenderer(md),
    },
    vite: {
        publicDir: `${pages}/public`,
        define: { __HAS_MACHINE__: JSON.stringify(hasMachine) },
        build: { chunkSizeWarningLimit: 3000 },
        resolve: { alias: { "@lib": here("../../lib") } },
    },
    transformHtml: (html) => html.replace("<head>", `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy(html)}">`),
    locales: forEach((book) => ({
        label: names[book.language] ?? book.language, lang: book.language || "en", title: book.title,
        description: say(book.language, "A container, built one kernel feature at a time, with a machine to do it in"),
        themeConfig: menus(book),
    })),
    themeConfig: {
        search: { provider: "local", options: { locales: forEach(search), _render: (src, env, md) => {
            const html = md.render(src, env);
            return env.frontmatter?.["search"] === false ? "" : html;
        } } },
        externalLinkIcon: true,
    },
});
