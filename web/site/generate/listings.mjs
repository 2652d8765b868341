// Files with coloured words and numbered lines, ready to be shown (theme/StageCode.vue).
// Not pages of VitePress: there are hundreds, and the reader sees one at a time.
import { transformerStyleToClass } from "@shikijs/transformers";
import { createHighlighter } from "shiki";
import { read } from "./files.mjs";

const themes = { light: "github-light-high-contrast", dark: "github-dark-high-contrast" };

/** @param {string[]} files @param {(name: string, text: string) => void} write */
export async function writeListings(files, write) {
    const highlighter = await createHighlighter({ langs: ["c", "shell", "make"], themes: Object.values(themes) });
    const toClass = transformerStyleToClass({ classPrefix: "c" });
    for (const file of new Set(files)) {
        const lang = /\.[ch]$/.test(file) ? "c" : /\.sh$|^kit$/.test(file) ? "shell" : /Makefile$|\.mk$/.test(file) ? "make" : "text";
        write(`public/code/${file}.part`, highlighter.codeToHtml(read(file).replace(/\n$/, ""), { lang, themes, defaultColor: false, transformers: [toClass] }));
    }
    write("public/code/colours.css", toClass.getCSS());
    write("public/code/files.json", JSON.stringify([...new Set(files)].sort()));
}
