// An exercise in the page: the starter is refused, a solution passes.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));
const TOO_LONG = 600000;

/** @param {import("./browser.mjs").Tried} tried @param {string} stage */
export async function tryExercise({ page, origin, check, figure }, stage) {
    await page.goto(`${origin}/exercise/${stage}.html`);
    await page.locator(".cm-content").waitFor();
    const hints = page.locator(".exercise-hints b");
    check("no hint is shown unasked", await hints.count() === 0);
    await page.getByRole("button", { name: "The next hint" }).click();
    check("one is, then", await hints.count() === 1);
    // What the machine needs to start is not the exercise's time.
    await page.getByRole("button", { name: "Open the machine" }).click();
    await page.locator(".dock-said.ready").waitFor({ timeout: TOO_LONG });
    const judge = async (/** @type {string} */ what) => {
        const began = Date.now();
        await page.getByRole("button", { name: "Save and judge" }).click();
        await page.locator(".exercise-bar button.main:not([disabled])").waitFor({ timeout: TOO_LONG });
        figure(`exercise ${stage}, ${what}`, `${((Date.now() - began) / 1000).toFixed(1)} s`);
        return page.locator(".exercise-said").innerText();
    };
    const isWhole = (/** @type {string} */ said) => /^the lesson: (\d+) of \1\b/m.test(said);
    const starter = await judge("starter");
    check("the starter is refused", /the lesson: \d+ of/.test(starter) && !isWhole(starter), starter.slice(-1500));
    // A solution is one file: it takes the place of main.c, and calls none of the others.
    await page.getByRole("button", { name: "main.c" }).click();
    await page.locator('.cm-content[aria-label="main.c"]').waitFor();
    await page.evaluate((all) => {
        const { editor } = /** @type {any} */ (window);
        editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: all } });
    }, readFileSync(`${top}/exercises/${stage}/solution.c`, "utf8"));
    const solved = await judge("solution");
    check("a solution has the whole lesson", isWhole(solved), solved.slice(-1500));
    check("what the kit does besides is shown then", await page.locator(".exercise-hints details[open]").count() === 1);
}
