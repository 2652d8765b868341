// The places to write a stage oneself, as `make start` lays them out.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { edition, isFile, languages, read, stages, top } from "./files.mjs";

/** @typedef {{ stage: string, files: { name: string, text: string }[] }} Starter */

/** @returns {Starter[]} */
export function starters() {
    return stages.flatMap((stage) => {
        const scratch = mkdtempSync(join(tmpdir(), "ten-steps-"));
        const dir = join(scratch, "mine");
        const made = spawnSync("make", ["-s", "start", `STAGE=${stage.slice(0, 2)}`, `DIR=${dir}`], { cwd: top });
        const files = made.status !== 0 ? [] : readdirSync(dir).filter((name) => name !== "Makefile")
            .map((name) => ({ name, text: readFileSync(join(dir, name), "utf8") }));
        rmSync(scratch, { recursive: true });
        // What is to be written comes first, then what calls it.
        const rank = (/** @type {string} */ name) => name === "main.c" ? 1 : name.endsWith(".h") ? 2 : 0;
        files.sort((a, b) => rank(a.name) - rank(b.name));
        return files.length ? [{ stage, files }] : [];
    });
}

/** A text for who writes an exercise, in paragraphs; without the line that says what it was made from. @param {string} file */
const paragraphs = (file) => isFile(file)
    ? read(file).replace(/^# from .*\n/, "").trim().split(/\n\n+/) : [];

/** Hints, and what is said when it is solved, in each language. @param {string} stage */
export const helps = (stage) => Object.fromEntries(languages.map((language) => [language || "en", {
    hints: paragraphs(edition(`exercises/${stage}/hints.txt`, language)),
    after: paragraphs(edition(`exercises/${stage}/after.txt`, language)),
}]));
