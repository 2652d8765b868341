// The machine: how fast it is there, two terminals, start over, keep and bring back.

const LONG = 120000;

/** @param {import("./browser.mjs").Tried} tried */
export async function tryMachine({ context, page, origin, menu, check, figure }) {
    const chapter = `${origin}${menu.books[0].items.find((/** @type {{ text: string }} */ { text }) => text.startsWith("01")).link}.html`;
    let bytes = 0;
    page.on("response", async (response) => { bytes += Number(response.headers()["content-length"] ?? 0); });
    await page.goto(chapter);
    const began = Date.now();
    await page.getByRole("button", { name: "Open the machine" }).click();
    await page.locator(".dock-said.ready").waitFor({ timeout: LONG });
    figure("from the button to a machine that answers", `${((Date.now() - began) / 1000).toFixed(1)} s`);
    figure("loaded until then", `${(bytes / 1e6).toFixed(1)} MB`);

    /** @param {number} shell @param {string} command */
    const type = (shell, command) => page.evaluate(async ([which, text]) => {
        const machine = /** @type {any} */ (window).theMachine();
        const at = Date.now();
        const { raw, status } = await machine.shells[Number(which)].type(text);
        return { raw: String(raw), status: Number(status), seconds: (Date.now() - at) / 1000 };
    }, [shell, command]);

    const hostname = await type(0, "sudo bin/01-uts --hostname box hostname");
    check("a container is made", hostname.raw.includes("box"), hostname.raw);
    figure("01-uts --hostname box hostname", `${hostname.seconds.toFixed(1)} s`);
    check("the second terminal is the same machine", (await type(0, "echo here >/tmp/first")).status === 0
        && (await type(1, "cat /tmp/first; tty")).raw.includes("here"));

    await page.locator(".dock-terminals").click();
    await page.keyboard.type("echo typed by $((6 * 7)) hands");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => {
        const buffer = /** @type {any} */ (window).terminals[0].buffer.active;
        return Array.from({ length: buffer.length }, (_, i) => buffer.getLine(i)?.translateToString()).join("\n").includes("typed by 42 hands");
    }, undefined, { timeout: LONG });
    check("a terminal can be typed into", true);

    await page.locator(".dock-more summary").click();
    await page.getByRole("button", { name: "Keep it in this browser" }).click();
    await page.getByText("Kept in this browser.").waitFor({ timeout: LONG });
    const over = Date.now();
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByText("The machine is new.").waitFor({ timeout: LONG });
    figure("start over", `${((Date.now() - over) / 1000).toFixed(1)} s`);
    check("start over: what was done is gone", (await type(0, "cat /tmp/first")).status !== 0);
    await page.getByRole("button", { name: "Back to what was kept" }).click();
    await page.getByText("As you kept it.").waitFor({ timeout: LONG });
    check("what was kept is back", (await type(0, "cat /tmp/first")).raw.includes("here"));

    const download = page.waitForEvent("download", { timeout: LONG });
    await page.getByRole("button", { name: "Take it away as a file" }).click();
    const path = await (await download).path();
    await type(0, "rm /tmp/first");
    await page.locator("input[type=file]").setInputFiles(path);
    await page.getByText("As in the file.").waitFor({ timeout: LONG });
    check("a file brings it back", (await type(0, "cat /tmp/first")).raw.includes("here"));
    figure("memory of the page (JavaScript)", `${Math.round(await page.evaluate(() => /** @type {any} */ (performance).memory.usedJSHeapSize / 1e6))} MB`);

    await page.evaluate(() => { setTimeout(() => { throw Object.assign(new Error("a test's"), { stack: "at libv86.mjs" }); }); });
    await page.getByText(/The machine has stopped/).first().waitFor();
    await page.locator(".dock-said button").click();
    await page.getByText("The machine is new.").waitFor({ timeout: LONG });
    check("one that has stopped says so, and starts over", (await type(0, "echo again")).raw.includes("again"));

    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await context.setOffline(true);
    await page.reload();
    await page.getByRole("button", { name: "Open the machine" }).click();
    await page.locator(".dock-said.ready").waitFor({ timeout: LONG });
    check("without a network it is loaded again, with its machine", (await type(0, "echo offline")).raw.includes("offline"));
    await context.setOffline(false);
}
