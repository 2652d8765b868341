// A chapter: every block is run by its button, and every line is marked as printed.

const TOO_LONG = 180000; // for one command

/** Blocks whose output is another one in this machine, each with its reason. @type {[RegExp, string][]} */
export const OTHERS = [[/--deny umount true/, "i386 has a call of that name"]];

/** Waits for the block's end; each command has the time to itself. @param {import("playwright-core").Locator} block */
async function ended(block) {
    const button = block.locator(".run-bar button:not([disabled])");
    for (let at = 0; await button.count() === 0; at = await block.locator(".run-results > li").count())
        await button.or(block.locator(".run-results > li").nth(at)).first().waitFor({ timeout: TOO_LONG });
}

/** @param {import("./browser.mjs").Tried} tried @param {string} link */
export async function tryChapter({ page, origin, check, skip }, link) {
    await page.goto(`${origin}${link}.html`);
    await page.getByRole("button", { name: "Open the machine" }).click();
    await page.locator(".dock-said.ready").waitFor({ timeout: TOO_LONG });
    for (const block of await page.locator(".run-block").all()) {
        const text = (await block.locator("pre").first().innerText()).split("\n")[0] ?? "";
        if (await block.locator(".run-not").count()) {
            skip(`${text}: ${(await block.locator(".run-not").innerText())}`);
            continue;
        }
        await block.locator(".run-bar button").click();
        await ended(block).catch(() => undefined);
        const verdict = await block.getAttribute("data-verdict");
        const [, reason] = OTHERS.find(([which]) => which.test(text)) ?? [];
        if (verdict === "skipped" || (verdict !== "same" && reason)) skip(`${text}: ${reason ?? "what it needs is not here"}`);
        else check(text, verdict === "same", verdict ? await block.locator(".run-results").innerText().catch(() => "no results")
            : `it did not end: ${await page.locator(".dock-said").innerText()}\n${await block.locator(".run-results").innerText().catch(() => "")}`);
        if (!verdict) {
            await page.getByRole("button", { name: "Start over" }).click();
            await page.locator(".dock-said.ready").waitFor({ timeout: TOO_LONG });
        }
    }
}
