// The clone's files, and what of them is shown.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const top = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");

/** @param {string} file */
export const read = (file) => readFileSync(join(top, file), "utf8");
/** @param {string} file */
export const isFile = (file) => existsSync(join(top, file)) && statSync(join(top, file)).isFile();
/** @param {string} file */
export const isDirectory = (file) => existsSync(join(top, file)) && statSync(join(top, file)).isDirectory();

/** All files of the clone, without what is built. */
export const files = execFileSync("git", ["-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard"],
    { cwd: top, encoding: "utf8" }).split("\n").filter((file) => file && isFile(file)).sort();

/** "01-uts", "02-pid", ... */
export const stages = [...new Set(files.map((file) => file.split("/")[0] ?? ""))]
    .filter((name) => /^[01]\d-/.test(name));

/** The code of the stages, in their rooms as well: each file is a page. */
export const code = files.filter((file) => /^([01]\d-|habits\/|exercises\/).*\.[ch]$/.test(file));

/** Text with a page of its own: the top's, the stages' maps, docs/. */
export const texts = files.filter((file) => /^(README|CONTRIBUTING|SECURITY|CHANGELOG)\.md$/.test(file)
    || /^([01]\d-|docs\/|tests\/README|vm\/README|web\/README|exercises\/).*\.md$/.test(file));

/** @param {string} file  "TUTORIAL.md" is in the main language, "TUTORIAL.ko.md" in Korean */
export const tutorials = files.filter((file) => /^TUTORIAL(\.[a-z]+)?\.md$/.test(file))
    .map((file) => ({ file, language: /\.([a-z]+)\.md$/.exec(file)?.[1] ?? "" }));
