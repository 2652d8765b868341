// How VitePress makes the page.  The texts are generated (site/generate/pages.mjs).
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { blockRenderer } from "./blocks.mjs";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const pages = here("../pages");
/** @type {{ books: { language: string, title: string, prefix: string, items: { text: string, link: string }[] }[],
 *           stages: string[], exercises: string[], texts: { text: string, link: string }[] }} */
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

/** @param {string} prefix  of a language's chapters */
function menus(prefix) {
    const chapters = [{ text: "Chapters", items: menu.books.find((book) => book.prefix === prefix)?.items ?? [] }];
    const maps = [{ text: "The stages' files", items: menu.stages.map((stage) => ({ text: stage, link: `/${stage}/` })) }];
    const diffs = [{ text: "What each adds", items: menu.stages.slice(1).map((stage) => ({ text: stage, link: `/diff/${stage}` })) }];
    const exercises = [{ text: "Write it yourself", items: menu.exercises.map((stage) => ({ text: stage, link: `/exercise/${stage}` })) }];
    const texts = [{ text: "Documents", items: [...menu.texts, { text: "Licences and sources", link: "/licences" }] }];
    return {
        nav: [
            { text: "Tutorial", link: chapters[0]?.items[0]?.link ?? "/" },
            { text: "Files", link: `/${menu.stages[0]}/` },
            { text: "Differences", link: `/diff/${menu.stages[1]}` },
            { text: "Exercises", link: `/exercise/${menu.exercises[0]}` },
            { text: "Documents", link: "/about" },
        ],
        // The longest beginning of an address that fits counts.
        sidebar: {
            ...Object.fromEntries(menu.stages.map((stage) => [`/${stage}/`, maps])),
            "/code": maps, "/diff/": diffs, "/exercise/": exercises, [`${prefix}/`]: chapters,
            ...Object.fromEntries(texts.flatMap(({ items }) => items.map(({ link }) => [link, texts]))), "/": chapters,
        },
    };
}

export default defineConfig({
    title: "Ten steps to a container",
    description: "A container, built one kernel feature at a time, with a machine to do it in",
    base: process.env["BASE"] ?? "/",
    srcDir: pages,
    outDir: here("../../../build/web"),
    cacheDir: here("../../../build/web-cache"),
    cleanUrls: false,
    lastUpdated: false,
    rewrites: { "tutorial/index.md": "index.md" },
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
    locales: Object.fromEntries(menu.books.map((book) => [book.language || "root", {
        label: book.language || "English", lang: book.language || "en",
        themeConfig: menus(book.prefix),
    }])),
    themeConfig: {
        search: { provider: "local", options: { _render: (src, env, md) => {
            const html = md.render(src, env);
            return env.frontmatter?.["search"] === false ? "" : html;
        }, translations: { button: { buttonText: "Search", buttonAriaLabel: "Search" } } } },
        outline: { level: 2 },
        externalLinkIcon: true,
        docFooter: { prev: "Before", next: "Next" },
    },
});
