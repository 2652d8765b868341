// Tries the page as a reader would, in Chromium, and says what was as it should be.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { tryChapter } from "./chapters.mjs";
import { tryExercise } from "./exercise.mjs";
import { tryLanguage } from "./languages.mjs";
import { tryMachine } from "./machine.mjs";
import { tryPages } from "./pages.mjs";

const top = fileURLToPath(new URL("../..", import.meta.url));
const menu = JSON.parse(readFileSync(`${top}/web/site/pages/sidebar.json`, "utf8"));
const totals = { passed: 0, failed: 0, skipped: 0 };
const figures = /** @type {Record<string, string>} */ ({});

/**
 * @typedef {object} Tried
 * @property {import("playwright-core").BrowserContext} context
 * @property {import("playwright-core").Page} page
 * @property {string} origin
 * @property {typeof menu} menu
 * @property {(what: string, is: boolean, more?: string) => void} check
 * @property {(what: string) => void} skip
 * @property {(what: string, value: string) => void} figure
 */

/** @returns {Promise<number>} */
const freePort = () => new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
        const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
        server.close(() => resolve(port));
    });
});

const port = await freePort(), origin = `http://localhost:${port}`;
const server = spawn("busybox", ["httpd", "-f", "-p", `127.0.0.1:${port}`, "-h", `${top}build/web`, "-c", `${top}web/httpd.conf`]);
for (let tries = 0; tries < 100; tries++)
    if (await fetch(origin).then(() => true, () => new Promise((resolve) => setTimeout(resolve, 50)))) break;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--enable-precise-memory-info"] });

/** @param {string} name @param {(tried: Tried) => Promise<void>} part */
async function section(name, part) {
    console.log(`\n== ${name}`);
    const began = Date.now();
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    const page = await context.newPage();
    const foreign = /** @type {string[]} */ ([]), errors = /** @type {string[]} */ ([]);
    page.on("request", (request) => {
        if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== origin) foreign.push(request.url());
    });
    page.on("pageerror", (error) => { if (error.message !== "a test's") errors.push(error.message); });
    page.on("console", (message) => { if (/Content Security Policy/.test(message.text())) errors.push(message.text()); });
    const check = (/** @type {string} */ what, /** @type {boolean} */ is, more = "") => {
        totals[is ? "passed" : "failed"]++;
        console.log(is ? `pass  ${what}` : `FAIL  ${what}${more && `\n      ${more.replace(/\n/g, "\n      ")}`}`);
    };
    try {
        await part({ context, page, origin, menu, check,
            skip: (what) => { totals.skipped++; console.log(`skip  ${what}`); },
            figure: (what, value) => { figures[what] = value; } });
    } catch (error) {
        check(`${name} goes on to its end`, false, String(error));
        await page.screenshot({ path: `${top}build/web-shots/failed.png` }).catch(() => undefined);
    }
    check("nothing was asked of another host", foreign.length === 0, foreign.join("\n"));
    check("no error, and nothing against the policy", errors.length === 0, errors.join("\n"));
    await context.close();
    console.log(`-- ${Math.round((Date.now() - began) / 1000)} s`);
}

mkdirSync(`${top}build/web-shots`, { recursive: true });
const wanted = process.argv.slice(2);
if (wanted.length === 0 || wanted.includes("pages")) await section("the pages", tryPages);
if (wanted.length === 0 || wanted.includes("machine")) await section("the machine", tryMachine);
for (const book of menu.books.filter((/** @type {{ language: string }} */ { language }) => language))
    if (wanted.length === 0 || wanted.includes(book.language))
        await section(`in another language: ${book.language}`, (tried) => tryLanguage(tried, book));
for (const { text, link } of menu.books[0].items)
    if (/^\d\d /.test(text) && (wanted.length === 0 || wanted.includes(text.slice(0, 2))))
        await section(text, (tried) => tryChapter(tried, link));
for (const stage of menu.exercises)
    if (wanted.length === 0 || wanted.includes("exercises") || wanted.includes(`exercise-${stage.slice(0, 2)}`))
        await section(`exercise ${stage}`, (tried) => tryExercise(tried, stage));
await browser.close();
server.kill();
console.log();
for (const [what, value] of Object.entries(figures)) console.log(`${what}: ${value}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed ? 1 : 0);
