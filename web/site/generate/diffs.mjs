// What a stage's main.c adds to the one before, side by side.
import { spawnSync } from "node:child_process";
import { html } from "diff2html";
import { stages, top } from "./files.mjs";

/** @param {string} stage */
export function diff(stage) {
    const before = stages[stages.indexOf(stage) - 1];
    if (!before) return "";
    const { stdout } = spawnSync("diff", ["-u", `${before}/main.c`, `${stage}/main.c`], { cwd: top, encoding: "utf8" });
    return html(stdout.replace(/^(---|\+\+\+) (\S+).*$/gm, "$1 $2"), {
        outputFormat: "side-by-side", drawFileList: false, matching: "lines", renderNothingWhenEmpty: false,
    }).replace(/class="d2h-file-side-diff"/g, '$& tabindex="0"');
}
