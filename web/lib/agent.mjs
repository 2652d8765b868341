// The page's own line to the machine: a script goes in, its output comes out.
// See machine/root/usr/local/lib/machine/agent, which is the other end.

const PORT = 2;
const PIECE = 1200; // of base64: the emulated line holds 4096 bytes

/**
 * @typedef {object} Machine  what is used of v86
 * @property {(event: string, listener: (byte: number) => void) => void} add_listener
 * @property {(port: number, bytes: Uint8Array) => void} serial_send_bytes
 *
 * @typedef {object} Request
 * @property {(line: string) => void} line  called for each line of output
 * @property {(status: number) => void} done
 * @property {(error: Error) => void} lost
 */

/** @param {string} text */
export const toBase64 = (text) => {
    let binary = "";
    for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
    return btoa(binary);
};

export class Agent {
    #encoder = new TextEncoder();
    /** @type {number[]} */
    #line = [];
    /** @type {Map<string, Request>} */
    #requests = new Map();
    #count = 0;
    /** @type {Promise<unknown>} */
    #sending = Promise.resolve();
    #taken = () => {};
    #isReady = () => {};
    /** Resolves when the other end has said that it is there. */
    ready = new Promise((resolve) => { this.#isReady = () => resolve(undefined); });

    /** @param {Machine} machine */
    constructor(machine) {
        this.machine = machine;
        machine.add_listener(`serial${PORT}-output-byte`, (byte) => {
            if (byte !== 10) return void this.#line.push(byte);
            this.#hear(new TextDecoder().decode(new Uint8Array(this.#line)));
            this.#line = [];
        });
    }

    /**
     * Runs a script of bash as root in the machine.  `onLine` gets each line as it comes.
     * @param {string} script
     * @param {(line: string) => void} [onLine]
     * @returns {Promise<{ output: string, status: number }>}
     */
    run(script, onLine = () => {}) {
        const id = `r${Date.now().toString(36)}${this.#count++}`;
        let output = "";
        const answer = new Promise((resolve, reject) => this.#requests.set(id, {
            line: (text) => { output += `${text}\n`; onLine(text); },
            done: (status) => resolve({ output, status }),
            lost: reject,
        }));
        this.#sending = this.#sending.then(() => this.#send(id, toBase64(script)));
        return /** @type {Promise<{ output: string, status: number }>} */ (answer);
    }

    /** The machine is another one now: nobody answers the old requests. */
    reset() {
        for (const { lost } of this.#requests.values()) lost(new Error("the machine was started over"));
        this.#requests.clear();
        this.#line = [];
        this.#sending = Promise.resolve();
    }

    /** @param {string} id @param {string} script */
    async #send(id, script) {
        for (let at = 0; at < script.length; at += PIECE) {
            const taken = new Promise((resolve) => { this.#taken = () => resolve(undefined); });
            this.#write(`+ ${script.slice(at, at + PIECE)}\n`);
            await taken;
        }
        this.#write(`! ${id}\n`);
    }

    /** @param {string} text */
    #write(text) {
        this.machine.serial_send_bytes(PORT, this.#encoder.encode(text));
    }

    /** @param {string} line */
    #hear(line) {
        if (line === "k") return this.#taken();
        if (line === "ready") return this.#isReady();
        const [, id, kind, rest] = /^(\S+) ([oe]) ?(.*)$/.exec(line) ?? [];
        const request = this.#requests.get(id ?? "");
        if (!request) return;
        if (kind === "o") return request.line(rest ?? "");
        this.#requests.delete(id ?? "");
        request.done(Number(rest));
    }
}
