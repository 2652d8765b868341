// The text: readable without the machine, by keyboard, by anyone, and nothing from elsewhere.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = fileURLToPath(new URL("../../build/web-shots", import.meta.url));

/** @param {import("./browser.mjs").Tried} tried */
export async function tryPages({ page, origin, menu, check }) {
    const chapter = menu.books[0].items.find((/** @type {{ text: string }} */ { text }) => text.startsWith("05")).link;
    const stage = menu.stages[4];
    const some = { start: "/", chapter: `${chapter}.html`, code: `/code.html#${stage}/main.c`, difference: `/diff/${stage}.html`,
        exercise: `/exercise/${stage}.html`, map: `/${stage}/`, licences: "/licences.html" };
    for (const [name, path] of Object.entries(some)) {
        await page.goto(origin + path);
        await page.locator("h1").first().waitFor();
        await page.waitForLoadState("networkidle");
        await page.screenshot({ path: `${shots}/${name}.png` });
        await page.evaluate(axe);
        const serious = await page.evaluate(async () => {
            const { violations } = await /** @type {any} */ (window).axe.run();
            return violations.filter((/** @type {any} */ { impact }) => impact === "serious" || impact === "critical")
                .map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes.slice(0, 3).map((/** @type {any} */ n) => n.html.slice(0, 160)).join("\n  ")}`);
        });
        check(`axe finds nothing serious: ${name}`, serious.length === 0, serious.join("\n"));
    }
    await page.goto(`${origin}/code.html#${stage}/main.c:2`);
    await page.locator(".named-line").waitFor();
    check("a line that the address names is marked", true);

    await page.goto(`${origin}${chapter}.html`);
    await page.keyboard.press("Control+k");
    await page.locator(".VPLocalSearchBox input").fill("oom");
    await page.locator(".VPLocalSearchBox .result").first().waitFor();
    check("search finds a word, by keyboard", true);
    await page.keyboard.press("Escape");

    await page.emulateMedia({ media: "print" });
    check("on paper there are no buttons", !(await page.locator(".run-bar button").first().isVisible()));
    await page.emulateMedia({ media: "screen" });
    await page.setViewportSize({ width: 390, height: 800 });
    const wide = [];
    for (const path of [`${chapter}.html`, `/exercises/${stage}/`, "/docs/TEACHING.html", "/about.html"]) {
        await page.goto(origin + path);
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(path);
    }
    check("on a telephone nothing is wider than the screen", wide.length === 0, wide.join("\n"));
    await page.screenshot({ path: `${shots}/telephone.png` });
    await page.setViewportSize({ width: 1400, height: 900 });
    await page.goto(`${origin}${chapter}.html?present`);
    await page.locator(".present-bar").waitFor();
    check("?present shows one section", await page.locator(".vp-doc h2:visible").count() <= 1);
    await page.screenshot({ path: `${shots}/present.png` });
}
