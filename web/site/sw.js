// Everything of one version of the page is kept; a new version takes its place whole.
// VERSION and FILES are put in by generate/worker.mjs.
const NAME = `ten-steps-${"VERSION"}`;
const FILES = ["FILES"];
const AT_ONCE = 6;

addEventListener("install", (event) => event.waitUntil(keepAll().then(() => self.skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));
addEventListener("fetch", (event) => {
    if (event.request.method === "GET" && new URL(event.request.url).origin === location.origin)
        event.respondWith(answer(event.request));
});

async function keepAll() {
    const cache = await caches.open(NAME), left = [...FILES];
    const some = async () => {
        for (let file = left.shift(); file; file = left.shift()) await cache.add(new Request(file, { cache: "no-cache" }));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, some));
}

async function forgetOthers() {
    for (const name of await caches.keys())
        if (name.startsWith("ten-steps-") && name !== NAME) await caches.delete(name);
}

/** Kept first: the names of assets change with what is in them, and the version with all. */
async function answer(request) {
    const cache = await caches.open(NAME);
    const url = new URL(request.url);
    if (url.pathname.endsWith("/")) url.pathname += "index.html";
    url.search = "";
    const kept = await cache.match(url.href);
    if (kept) return kept;
    return fetch(request);
}
