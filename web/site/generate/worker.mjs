// The service worker: after a first visit the page, with its machine, works without
// a network.  It is made last, because it names every file.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const root = process.argv[2] ?? "";
const source = new URL("../sw.js", import.meta.url).pathname;
const NOT = /^(\.|sw\.js$)/;

/** @param {string} dir @returns {string[]} */
const walk = (dir) => readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? walk(path) : [relative(root, path)];
});
const files = walk(root).filter((file) => !NOT.test(file)).sort();
const version = createHash("sha256");
for (const file of files) version.update(file).update(readFileSync(join(root, file)));
writeFileSync(join(root, "sw.js"), readFileSync(source, "utf8")
    .replace('"VERSION"', JSON.stringify(version.digest("hex").slice(0, 16)))
    .replace('["FILES"]', JSON.stringify(files)));
