import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent, toBase64 } from "../../lib/agent.mjs";
import { runBlock } from "../../lib/run.mjs";
import { Shell } from "../../lib/shell.mjs";

/** A serial line whose other end is a function. @param {(text: string, say: (answer: string) => void) => void} end */
function line(end) {
    /** @type {Map<string, (byte: number) => void>} */
    const listeners = new Map();
    return {
        add_listener: (/** @type {string} */ event, /** @type {(byte: number) => void} */ to) => { listeners.set(event, to); },
        serial_send_bytes(/** @type {number} */ port, /** @type {Uint8Array} */ bytes) {
            end(new TextDecoder().decode(bytes), (answer) => {
                for (const byte of new TextEncoder().encode(answer)) listeners.get(`serial${port}-output-byte`)?.(byte);
            });
        },
    };
}

/** A shell that prints what it is told, and then has ended with 3. */
const echo = line((text, say) => {
    const command = text.replace(/\x1b\[20[01]~|\r/g, ""); // eslint-disable-line no-control-regex
    say(`${command}\r\n\x1b]133;C\x07${command && `said ${command}\r\n`}\x1b]133;D;3\x07\x1b]133;A\x07$ `);
});

test("a command is typed, and what it printed comes back with its status", async () => {
    const shell = new Shell(echo, 0, () => {});
    shell.reset();
    assert.deepEqual(await shell.type("hello"), { raw: "said hello\r\n", status: 3 });
    assert.ok(shell.isAtPrompt);
});

test("who waits is told that the machine was started over", async () => {
    const shell = new Shell(line(() => {}), 0, () => {});
    shell.reset();
    const waits = shell.type("sleep 60");
    setTimeout(() => shell.reset());
    await assert.rejects(waits, /started over/);
});

test("a script of any length arrives, and its lines come back", async () => {
    let got = "";
    const agent = new Agent(line((text, say) => {
        if (text.startsWith("+ ")) { got += text.slice(2).trimEnd(); return setTimeout(say, 0, "k\n"); }
        const id = text.slice(2).trimEnd();
        setTimeout(say, 0, `${id} o one\n${id} o \n${id} e 4\n`);
    }));
    const script = "x".repeat(5000);
    assert.deepEqual(await agent.run(script), { output: "one\n\n", status: 4 });
    assert.equal(got, toBase64(script));
});

test("each command of a block gets its verdict", async () => {
    const shell = new Shell(echo, 0, () => {});
    shell.reset();
    /** @type {string[]} */
    const verdicts = [];
    await runBlock(shell, { run: async () => ({ output: "", status: 0 }) },
        [{ text: "a", wanted: ["said a"] }, { text: "b", wanted: ["another"] }],
        (i, { verdict }) => { verdicts[i] = verdict; });
    assert.deepEqual(verdicts, ["same", "other"]);
});

test("a block whose need is not met is skipped", async () => {
    const shell = new Shell(echo, 0, () => {});
    shell.reset();
    /** @type {string[]} */
    const verdicts = [];
    await runBlock(shell, { run: async () => ({ output: "", status: 1 }) }, [{ text: "a", wanted: [] }],
        (i, { verdict }) => { verdicts[i] = verdict; }, { needs: "command -v podman" });
    assert.deepEqual(verdicts, ["skipped"]);
});
