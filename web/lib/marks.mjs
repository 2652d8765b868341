// The shell's marks in a terminal's output (OSC 133): where a prompt begins, a
// command runs, a command has ended.

/** @typedef {{ kind: "A" | "C" | "D", status: number }} Mark */

const BEGIN = "\x1b]133;";

/** Takes a terminal's output as it comes; calls back for text and for marks. */
export class Marks {
    #held = "";

    /** @param {{ text(text: string): void, mark(mark: Mark): void }} to */
    constructor(to) {
        this.to = to;
    }

    /** @param {string} chunk */
    push(chunk) {
        let rest = this.#held + chunk;
        this.#held = "";
        for (;;) {
            const at = rest.indexOf("\x1b");
            if (at < 0) break;
            const end = rest.indexOf("\x07", at);
            const isOurs = rest.startsWith(BEGIN, at);
            if (isOurs && end > 0) {
                this.#say(rest.slice(0, at));
                const [kind, status] = rest.slice(at + BEGIN.length, end).split(";");
                if (kind === "A" || kind === "C" || kind === "D")
                    this.to.mark({ kind, status: Number(status ?? 0) });
                rest = rest.slice(end + 1);
            } else if (isOurs || BEGIN.startsWith(rest.slice(at))) {
                this.#say(rest.slice(0, at)); // the rest of the mark is on its way
                this.#held = rest.slice(at);
                return;
            } else {
                this.#say(rest.slice(0, at + 1));
                rest = rest.slice(at + 1);
            }
        }
        this.#say(rest);
    }

    /** @param {string} text */
    #say(text) {
        if (text) this.to.text(text);
    }
}
