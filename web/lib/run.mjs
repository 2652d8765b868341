// Runs a block of the tutorial in a shell, and judges each of its commands.
import { matchesAtTerminal, outputLines } from "./console.mjs";

// Only a program types faster than a container starts.  So after a line that
// ends in "&" it waits until the newest process is the command itself
// (tests/tutorial/tutorial.awk does the same).
const SETTLE = `
last=$(pgrep -n -P "$(pgrep -o -t ttyS0 bash)")
for try in 1 .1 .1 .1 .2 .2 .2 .5 .5 1 1 1 1 1; do
    timeout $try tail -f /dev/null
    while child=$(pgrep -n -P "$last"); do last=$child; done
    case $(cat "/proc/$last/comm" 2>/dev/null) in
    sh | sudo | unshare | nft | [01][0-9]-*) ;;
    *) exit ;;
    esac
done`;

// What the block before left in the background ends: the container, and then its
// program, which stands behind sudo.
const SWEEP = `
for p in $(pgrep -P "$(pgrep -o -t ttyS0 bash)"); do
    while [ "$(cat "/proc/$p/comm")" = sudo ]; do p=$(pgrep -P "$p") || continue 2; done
    pkill -KILL -P "$p"
    kill "$p" 2>/dev/null
    left=1
done
[ -z "$left" ] || timeout 1 tail -f /dev/null
:`;

const PATIENCE = 5000;

/**
 * @typedef {"waiting" | "running" | "same" | "other" | "skipped"} Verdict
 * @typedef {object} Result
 * @property {Verdict} verdict
 * @property {string[]} got
 */

/**
 * @param {{ isAtPrompt: boolean, prompt(): Promise<void>, type(text: string): Promise<{ raw: string }> }} shell
 * @param {{ run(script: string): Promise<{ output: string, status: number }> }} agent
 * @param {import("./console.mjs").Command[]} commands
 * @param {(index: number, result: Result) => void} tell
 * @param {{ needs?: string | undefined }} [how]
 */
export async function runBlock(shell, agent, commands, tell, how = {}) {
    // On a slow computer the prompt of the block before may still be on its way.
    if (!shell.isAtPrompt)
        await Promise.race([shell.prompt(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    if (!shell.isAtPrompt) throw new Error("Something runs in terminal 1: end it first (Ctrl-C, or exit)");
    if (how.needs && (await agent.run(`{ ${how.needs}; } >/dev/null 2>&1`)).status !== 0) {
        commands.forEach((_, i) => tell(i, { verdict: "skipped", got: [] }));
        return;
    }
    await agent.run(SWEEP);
    await shell.type("");
    for (const [i, command] of commands.entries()) {
        tell(i, { verdict: "running", got: [] });
        const { raw } = await shell.type(command.text);
        if (command.text.endsWith("&")) await agent.run(SETTLE);
        const got = outputLines(raw);
        tell(i, { verdict: matchesAtTerminal(command.wanted, got) ? "same" : "other", got });
    }
}
