// An exercise in the page: the starter fails, the kit's own modules pass.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));
const TOO_LONG = 300000;

/** @param {import("./browser.mjs").Tried} tried @param {string} stage */
export async function tryExercise({ page, origin, check, figure }, stage) {
    await page.goto(`${origin}/exercise/${stage}.html`);
    await page.locator(".cm-content").waitFor();
    const judge = async () => {
        const began = Date.now();
        await page.getByRole("button", { name: "Save and judge" }).click();
        await page.locator(".exercise-bar button.main:not([disabled])").waitFor({ timeout: TOO_LONG });
        figure(`exercise ${stage}`, `${((Date.now() - began) / 1000).toFixed(1)} s`);
        return page.locator(".exercise-said").innerText();
    };
    const starter = await judge();
    check("the starter is refused", /[1-9]\d* failed/.test(starter), starter.slice(-1500));
    for (const tab of await page.locator(".exercise-bar").first().getByRole("button").all()) {
        const name = await tab.innerText();
        if (!name.endsWith(".c")) continue;
        await tab.click();
        await page.locator(`.cm-content[aria-label="${name}"]`).waitFor();
        const text = readFileSync(`${top}/${stage}/${name}`, "utf8");
        await page.evaluate((all) => {
            const { editor } = /** @type {any} */ (window);
            editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: all } });
        }, text);
    }
    const solved = await judge();
    check("a solution passes", / 0 failed/.test(solved), solved.slice(-1500));
}
