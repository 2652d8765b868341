// A script in the page's machine, but under Node:  node web/tests/inside.mjs 'SCRIPT'
//
// As root, in the kit's directory; what it says is printed as it comes.
// The machine is what a reader loads, build/web-machine.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { V86 } from "v86";
import { Agent } from "../lib/agent.mjs";

const image = fileURLToPath(new URL("../../build/web-machine", import.meta.url));
const { memory, disk, chunk } = JSON.parse(readFileSync(join(image, "machine.json"), "utf8"));
const [script = ""] = process.argv.slice(2);

// In one piece: what v86 unpacks pieces with, a browser has and Node has not.
const scratch = mkdtempSync(join(tmpdir(), "ten-steps-"));
process.on("exit", () => rmSync(scratch, { recursive: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
execFileSync("sh", ["-c", 'ls "$1" | sort -n | sed "s,^,$1/," | xargs zstd -dcq >"$2"', "sh", join(image, "disk"), join(scratch, "disk.img")]);

/** Its types know fewer words than it does. @type {any} */
const machine = new V86(/** @type {any} */ ({
    wasm_path: join(dirname(createRequire(import.meta.url).resolve("v86")), "v86.wasm"),
    memory_size: memory << 20,
    vga_memory_size: 1 << 20,
    hda: { url: join(scratch, "disk.img"), async: true, size: disk, fixed_chunk_size: chunk },
    initial_state: { url: join(image, "state.zst") },
    uart1: true, uart2: true, uart3: true,
    disable_keyboard: true, disable_mouse: true, disable_speaker: true,
    net_device: { type: "none" },
    autostart: false,
}));
await new Promise((resolve) => machine.add_listener("emulator-loaded", resolve));
const agent = new Agent(machine);
await machine.run();
const { status } = await agent.run(`date -s @${Math.floor(Date.now() / 1000)} >/dev/null
export BIN=$PWD/bin ROOTFS=$PWD/build/rootfs ATTACKS=$PWD/build/tests/attacks
${script}`, (line) => console.log(line));
process.exit(status);
