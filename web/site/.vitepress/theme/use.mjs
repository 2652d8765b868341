// One machine for the whole page: it goes on while the reader goes from chapter to chapter.
import { withBase } from "vitepress";
import { reactive } from "vue";
import { Machine } from "@lib/machine.mjs";
import { download, keepMachine, keptMachine, pack, recall, remember, unpack } from "@lib/store.mjs";

export const state = reactive({
    status: /** @type {import("@lib/machine.mjs").Status} */ ("off"),
    trouble: "", part: 0, isOpen: false, terminal: 0, isBusy: false, said: "", hasKept: false,
});

/** What the terminals do with bytes; the dock says. @type {(terminal: number, bytes: Uint8Array) => void} */
let show = () => {};
/** @param {(terminal: number, bytes: Uint8Array) => void} to */
export const showIn = (to) => { show = to; };

/** @type {Machine | undefined} */
let machine;

export function theMachine() {
    return machine ??= new Machine(new URL(withBase("/machine/"), location.href).href, {
        status: (status, more = "") => { state.status = status; state.trouble = more; },
        loaded: (part) => { state.part = part; },
        show: (terminal, bytes) => show(terminal, bytes),
    });
}

/** Opens the dock, and starts the machine where it is not yet. */
export async function start() {
    state.isOpen = true;
    await theMachine().start();
    state.hasKept = !!(await keptMachine().catch(() => undefined));
    return theMachine();
}

/** Does something with the machine that takes a while; says how it went. @param {string} said @param {() => Promise<unknown>} what */
async function busy(said, what) {
    state.isBusy = true;
    try {
        await what();
        state.said = said;
    } catch (error) {
        state.said = /** @type {Error} */ (error).message;
    }
    state.isBusy = false;
}

const id = () => theMachine().image?.id ?? "";

export const startOver = () => busy("The machine is new.", () => theMachine().startOver());
export const keep = () => busy("Kept in this browser.", async () => {
    await keepMachine(await pack(id(), await theMachine().save()));
    state.hasKept = true;
});
export const restoreKept = () => busy("As you kept it.", async () => {
    const kept = await keptMachine();
    if (!kept) throw new Error("nothing is kept in this browser");
    await theMachine().restore(await unpack(id(), kept));
});
export const toFile = () => busy("Written to a file.", async () =>
    download(await pack(id(), await theMachine().save()), "ten-steps.machine"));
/** @param {Blob} file */
export const fromFile = (file) => busy("As in the file.", async () =>
    theMachine().restore(await unpack(id(), file)));

/** How far the reader is: which blocks were as printed, which exercises passed. */
export const progress = {
    /** @returns {Record<string, any>} */
    all: () => recall("progress") ?? {},
    /** @param {string} key @param {unknown} value */
    set(key, value) { remember("progress", { ...this.all(), [key]: value }); },
    toFile() {
        download(new Blob([JSON.stringify(this.all(), null, 2)], { type: "application/json" }), "progress.json");
    },
};
