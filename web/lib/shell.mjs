// One of the two shells: types a command, waits for its end, says what it printed.
import { Marks } from "./marks.mjs";

const PASTE_BEGIN = "\x1b[200~", PASTE_END = "\x1b[201~";

/**
 * @typedef {object} Line  a serial line, as v86 has it
 * @property {(event: string, listener: (byte: number) => void) => void} add_listener
 * @property {(port: number, bytes: Uint8Array) => void} serial_send_bytes
 */

export class Shell {
    #encoder = new TextEncoder();
    #decoder = new TextDecoder();
    /** @type {number[]} */
    #bytes = [];
    #output = "";
    isAtPrompt = false;
    /** @type {{ resolve(result: { raw: string, status: number }): void, reject(error: Error): void } | null} */
    #command = null;
    /** @type {{ resolve(): void, reject(error: Error): void }[]} */
    #waiting = [];

    /**
     * @param {Line} line @param {number} port
     * @param {(bytes: Uint8Array) => void} show  what goes to the terminal
     */
    constructor(line, port, show) {
        this.line = line;
        this.port = port;
        this.show = show;
        this.marks = new Marks({
            text: (text) => { this.#output += text; },
            mark: (mark) => this.#mark(mark),
        });
        line.add_listener(`serial${port}-output-byte`, (byte) => {
            if (this.#bytes.length === 0) setTimeout(() => this.#flush());
            this.#bytes.push(byte);
        });
    }

    /** @param {string} text  as from a keyboard */
    send(text) {
        this.line.serial_send_bytes(this.port, this.#encoder.encode(text));
    }

    /**
     * Types a command and waits until it has ended.  As a paste: no key has a
     * meaning in it, and several lines are one command.
     * @param {string} text
     * @returns {Promise<{ raw: string, status: number }>}
     */
    async type(text) {
        await this.prompt();
        this.isAtPrompt = false;
        const ended = /** @type {Promise<{ raw: string, status: number }>} */ (new Promise((resolve, reject) => { this.#command = { resolve, reject }; }));
        this.send(`${PASTE_BEGIN}${text}${PASTE_END}\r`);
        const result = await ended;
        await this.prompt();
        return result;
    }

    /** Resolves at the next prompt, or now. @returns {Promise<void>} */
    prompt() {
        return this.isAtPrompt ? Promise.resolve()
            : new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    }

    /** The machine is another one now, and its shell at the prompt. */
    reset() {
        const over = new Error("the machine was started over");
        for (const each of [this.#command, ...this.#waiting.splice(0)]) each?.reject(over);
        this.#command = null;
        this.#bytes = [];
        this.isAtPrompt = true;
    }

    #flush() {
        const bytes = new Uint8Array(this.#bytes);
        this.#bytes = [];
        this.show(bytes);
        this.marks.push(this.#decoder.decode(bytes, { stream: true }));
    }

    /** @param {import("./marks.mjs").Mark} mark */
    #mark({ kind, status }) {
        if (kind === "C") {
            this.#output = "";
            this.isAtPrompt = false;
        } else if (kind === "D") {
            this.#command?.resolve({ raw: this.#output, status });
            this.#command = null;
        } else {
            this.isAtPrompt = true;
            for (const { resolve } of this.#waiting.splice(0)) resolve();
        }
    }
}
