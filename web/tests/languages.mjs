// Another language: all pages, the same places, its own search and words.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { names, say } from "../site/words.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = fileURLToPath(new URL("../../build/web-shots", import.meta.url));
const LONG = 120000;

/** A word of the language that the text has with particles only, too. @type {Record<string, string>} */
const WORD = { ko: "네임스페이스" };

/** @param {import("./browser.mjs").Tried} tried @param {any} book */
export async function tryLanguage({ page, origin, menu, check }, { language, items, texts }) {
    const t = (/** @type {string} */ sentence) => say(language, sentence);
    const stage = menu.stages[4], to = `/${language}`;
    const english = menu.books[0].items.map((/** @type {{ link: string }} */ { link }) => link);
    const chapter = english.find((/** @type {string} */ link) => link.includes("/05-"));

    const pages = [...items, ...texts].map(({ link }) => link.replace(/\/$/, "/index"))
        .concat([`${to}/index`, `${to}/code`, `${to}/licences`, `${to}/diff/${stage}`],
            menu.stages.map((/** @type {string} */ each) => `${to}/${each}/index`),
            menu.exercises.map((/** @type {string} */ each) => `${to}/exercise/${each}`));
    const missing = [];
    for (const path of pages) if (!(await fetch(`${origin}${path}.html`)).ok) missing.push(path);
    check(`all ${pages.length} pages are there`, missing.length === 0, missing.join("\n"));
    check("each chapter has the address of the English one",
        english.every((/** @type {string} */ link) => items.some((/** @type {{ link: string }} */ each) => each.link === to + link)));

    const some = { start: "/", chapter: `${chapter}.html`, exercise: `/exercise/${stage}.html`, map: `/${stage}/`, teaching: "/docs/TEACHING.html" };
    for (const [name, path] of Object.entries(some)) {
        await page.goto(origin + to + path);
        await page.locator("h1").first().waitFor();
        await page.waitForLoadState("networkidle");
        await page.screenshot({ path: `${shots}/${language}-${name}.png` });
        await page.evaluate(axe);
        const serious = await page.evaluate(async () => {
            const { violations } = await /** @type {any} */ (window).axe.run();
            return violations.filter((/** @type {any} */ { impact }) => impact === "serious" || impact === "critical")
                .map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
        });
        check(`axe finds nothing serious: ${name}`, serious.length === 0, serious.join("\n"));
    }
    check("the page says of which language it is", await page.evaluate(() => document.documentElement.lang) === language);

    // The switch stays on the section, there and back.
    await page.goto(`${origin}${chapter}.html`);
    const place = await page.evaluate(() => {
        const [heading] = [...document.querySelectorAll(".vp-doc h2[id]")].slice(4);
        heading?.scrollIntoView();
        return heading?.id ?? "";
    });
    const change = async (/** @type {string} */ name) => {
        await page.locator(".VPNavBarTranslations button").hover();
        await page.locator(".VPNavBarTranslations a", { hasText: name }).click();
    };
    await change(names[language] ?? language);
    await page.waitForURL(`**${to}${chapter}.html#${place}`, { timeout: LONG });
    const isSeen = () => page.evaluate((id) => {
        const at = document.getElementById(id)?.getBoundingClientRect().top ?? -1;
        return at >= 0 && at < innerHeight / 2;
    }, place);
    await page.waitForFunction((id) => (document.getElementById(id)?.getBoundingClientRect().top ?? 9999) < 300, place, { timeout: LONG });
    check("the switch stays on the section", place !== "" && await isSeen());
    await change("English");
    await page.waitForURL(`**${chapter}.html#${place}`, { timeout: LONG });
    check("... and leads back to it", !page.url().includes(`${to}/`));

    await page.goto(`${origin}${to}${chapter}.html`);
    await page.keyboard.press("Control+k");
    await page.locator(".VPLocalSearchBox input").fill(WORD[language] ?? "");
    await page.locator(".VPLocalSearchBox .result").first().waitFor();
    const found = await page.locator(".VPLocalSearchBox .result").evaluateAll((all) => all.map((each) => each.getAttribute("href") ?? ""));
    check("its search finds a word, in its own pages", found.length > 5 && found.every((href) => href.startsWith(`${to}/`)), found.join("\n"));
    await page.screenshot({ path: `${shots}/${language}-search.png` });
    await page.keyboard.press("Escape");

    await page.goto(`${origin}${to}/docs/BENCH.html`);
    check("what is there in English only says so", (await page.locator(".vp-doc").innerText()).includes(t("This text is there in English only.")));

    await page.goto(`${origin}${to}${english.find((/** @type {string} */ link) => link.includes("/01-"))}.html`);
    await page.locator(".run-bar button", { hasText: t("Run") }).first().click();
    await page.locator(".run-bar", { hasText: t("all as printed") }).first().waitFor({ timeout: LONG });
    check("a block runs, and the verdict is in that language", true);
    await page.screenshot({ path: `${shots}/${language}-machine.png` });
    await page.getByRole("button", { name: t("Hide") }).click();

    await page.emulateMedia({ media: "print" });
    await page.pdf({ path: `${shots}/${language}.pdf`, format: "A4" });
    await page.emulateMedia({ media: "screen", colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 800 });
    await page.reload();
    check("on a telephone nothing is wider than the screen",
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.screenshot({ path: `${shots}/${language}-telephone-dark.png` });
    await page.setViewportSize({ width: 1400, height: 900 });
}
