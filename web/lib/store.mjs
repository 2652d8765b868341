// What is kept in the browser: the machine (IndexedDB), the reader's texts and progress (localStorage).

const NAME = "ten-steps", STORE = "machines";

/** @returns {Promise<IDBDatabase>} */
function open() {
    return new Promise((resolve, reject) => {
        const request = indexedDB.open(NAME, 1);
        request.onupgradeneeded = () => request.result.createObjectStore(STORE);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} use @returns {Promise<T>} */
async function request(mode, use) {
    const database = await open();
    return new Promise((resolve, reject) => {
        const asked = use(database.transaction(STORE, mode).objectStore(STORE));
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
    });
}

/** @param {Blob} blob */
export const keepMachine = (blob) => request("readwrite", (store) => store.put(blob, "kept"));
/** @returns {Promise<Blob | undefined>} */
export const keptMachine = () => request("readonly", (store) => store.get("kept"));

const MAGIC = "ten-steps machine ";

/** A machine as a file: of which image it is, then its state, compressed. @param {string} id @param {ArrayBuffer} state */
export async function pack(id, state) {
    const zipped = new Blob([state]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Blob([`${MAGIC}${id}\n`, await new Response(zipped).blob()], { type: "application/octet-stream" });
}

/** @param {string} id @param {Blob} blob @returns {Promise<ArrayBuffer>} */
export async function unpack(id, blob) {
    const head = await blob.slice(0, 200).text();
    const line = head.slice(0, head.indexOf("\n"));
    if (!line.startsWith(MAGIC)) throw new Error("this file is not a machine of this page");
    if (line !== `${MAGIC}${id}`) throw new Error("this machine was kept by another version of the page, and does not fit this one");
    const stream = blob.slice(new TextEncoder().encode(`${line}\n`).length).stream();
    return new Response(stream.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** @param {string} key @returns {any} */
export const recall = (key) => JSON.parse(localStorage.getItem(`${NAME}:${key}`) ?? "null");
/** @param {string} key @param {unknown} value */
export const remember = (key, value) => localStorage.setItem(`${NAME}:${key}`, JSON.stringify(value));

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
