// The reader's machine: v86 with the saved state, two shells, and a line of the page's own.
import { Agent } from "./agent.mjs";
import { Shell } from "./shell.mjs";

/**
 * @typedef {"off" | "loading" | "starting" | "ready" | "stopped"} Status
 * @typedef {{ id: string, memory: number, disk: number, chunk: number, state: number }} Image
 * @typedef {{ status(status: Status, more?: string): void, loaded(part: number): void,
 *             show(terminal: number, bytes: Uint8Array): void }} Listener
 */

const LINES = [0, 1]; // ttyS0 and ttyS1 are terminals, ttyS2 is the agent's
const LOOK_EVERY = 3000, PATIENCE = 20000;

/** @param {string} url @param {number} size @param {(part: number) => void} loaded */
async function fetchAll(url, size, loaded) {
    const response = await fetch(url);
    if (!response.ok || !response.body) throw new Error(`${url}: ${response.status}`);
    const all = new Uint8Array(size), reader = response.body.getReader();
    for (let at = 0; ;) {
        const { done, value } = await reader.read();
        if (done) return all.buffer;
        all.set(value, at);
        at += value.length;
        loaded(at / size);
    }
}

export class Machine {
    /** @type {any} */
    #v86 = null;
    /** @type {ArrayBuffer | null} */
    #fresh = null;
    #seen = { count: 0, since: 0 };
    /** @type {Status} */
    status = "off";
    /** @type {Image | null} */
    image = null;
    /** @type {Shell[]} */
    shells = [];
    /** @type {Agent | null} */
    agent = null;

    /** @param {string} base  where the files are  @param {Listener} listener */
    constructor(base, listener) {
        this.base = base;
        this.listener = listener;
    }

    /** Loads and starts it.  A second call waits for the first. @returns {Promise<void>} */
    start() {
        this.#started ??= this.#start().catch((/** @type {Error} */ error) => {
            this.#started = undefined;
            this.#tell("stopped", error.message);
            throw error;
        });
        return this.#started;
    }
    /** @type {Promise<void> | undefined} */
    #started;

    async #start() {
        this.#tell("loading");
        const image = await (await fetch(`${this.base}machine.json`)).json();
        this.image = image;
        const [{ V86 }, state] = await Promise.all([
            import(/* @vite-ignore */ `${this.base}libv86.js`),
            fetchAll(`${this.base}state.zst`, image.state, this.listener.loaded),
        ]);
        this.#fresh = state;
        this.#tell("starting");
        this.#v86 = new V86({
            wasm_path: `${this.base}v86.wasm`,
            memory_size: image.memory << 20,
            vga_memory_size: 1 << 20,
            hda: { url: `${this.base}disk/.img.zst`, async: true, size: image.disk,
                fixed_chunk_size: image.chunk, use_parts: true },
            initial_state: { buffer: state.slice(0) },
            uart1: true, uart2: true, uart3: true,
            disable_keyboard: true, disable_mouse: true, disable_speaker: true,
            net_device: { type: "none" },
            autostart: false,
        });
        await new Promise((resolve) => this.#v86.add_listener("emulator-loaded", resolve));
        this.agent = new Agent(this.#v86);
        this.shells = LINES.map((line) => new Shell(this.#v86, line,
            (bytes) => this.listener.show(line, bytes)));
        this.#watch();
        await this.#wake();
    }

    /** After a state was put in: the shells are at their prompts, the clock is old. */
    async #wake() {
        for (const shell of this.shells) shell.reset();
        this.agent?.reset();
        await this.#v86.run();
        const seed = Array.from(crypto.getRandomValues(new Uint8Array(32)), (n) => n.toString(16)).join("");
        await this.agent?.run(`date -s @${Math.floor(Date.now() / 1000)} >/dev/null; echo ${seed} >/dev/urandom`);
        this.#tell("ready");
    }

    /** The saved state again: whatever was done in it is gone. */
    startOver() {
        return this.restore(/** @type {ArrayBuffer} */ (this.#fresh));
    }

    /** @param {ArrayBuffer} state */
    async restore(state) {
        this.#tell("starting");
        // One that has thrown never says that it has stopped.
        await Promise.race([this.#v86.stop(), new Promise((resolve) => setTimeout(resolve, 500))]);
        await this.#v86.restore_state(state.slice(0));
        for (const line of LINES) this.listener.show(line, new TextEncoder().encode("\x1bc$ "));
        await this.#wake();
    }

    /** All that it is now. @returns {Promise<ArrayBuffer>} */
    save() {
        return this.#v86.save_state();
    }

    /** @param {number} rows @param {number} columns */
    resize(rows, columns) {
        if (this.status === "ready")
            void this.agent?.run(LINES.map((line) => `stty -F /dev/ttyS${line} rows ${rows} columns ${columns}`).join("; ")).catch(() => undefined);
    }

    /** @param {Status} status @param {string} [more] */
    #tell(status, more) {
        this.status = status;
        this.listener.status(status, more);
    }

    // The emulator can stop: at an instruction that it does not know, it throws
    // where nobody catches it, and then nothing more is executed.
    #watch() {
        const stopped = (/** @type {ErrorEvent | PromiseRejectionEvent} */ event) => {
            const error = "error" in event ? event.error : event.reason;
            if (/libv86|v86\.wasm/.test(String(error?.stack))) this.#tell("stopped", String(error.message ?? error));
        };
        addEventListener("error", stopped);
        addEventListener("unhandledrejection", stopped);
        setInterval(() => this.#look(), LOOK_EVERY);
    }

    #look() {
        if (this.status !== "ready") return;
        const count = this.#v86.get_instruction_counter(), now = Date.now();
        if (count !== this.#seen.count || document.hidden) this.#seen = { count, since: now };
        else if (now - this.#seen.since > PATIENCE) this.#tell("stopped", "it executes nothing any more");
    }
}
