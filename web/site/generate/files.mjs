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

/** Of which language is a text?  "" is English, the main one. @param {string} file */
export const languageOf = (file) => /\.([a-z]{2})\.(md|txt)$/.exec(file)?.[1] ?? "";
/** The same text in another language: "README.md" -> "README.ko.md". @param {string} file @param {string} language */
export const edition = (file, language) => language ? file.replace(/\.(md|txt)$/, `.${language}.$1`) : file;

/** Text with a page of its own: the top's, the stages' maps, docs/.  In English: `edition` has the others. */
export const texts = files.filter((file) => !languageOf(file) && (/^(README|CONTRIBUTING|SECURITY|CHANGELOG)\.md$/.test(file)
    || /^([01]\d-|docs\/|tests\/README|vm\/README|web\/README|exercises\/).*\.md$/.test(file)));

/** The languages in which there is a tutorial. */
export const languages = files.filter((file) => /^TUTORIAL(\.[a-z]{2})?\.md$/.test(file)).map(languageOf).sort();
