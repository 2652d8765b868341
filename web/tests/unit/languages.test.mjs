import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { anchored, anchorsOf } from "../../site/generate/anchors.mjs";
import { edition, isFile, languages, read, texts } from "../../site/generate/files.mjs";
import { say, words } from "../../site/words.mjs";

const site = new URL("../../site/", import.meta.url);

test("a mark before a heading becomes its name, else GitHub's does", () => {
    const text = '<a id="the-idea" data-from="1234567890"></a>\n\n## 개념\n\ntext\n\n```\n# none\n```\n\n## Two words\n## Two words';
    assert.equal(anchored(text), "## 개념 {#the-idea}\n\ntext\n\n```\n# none\n```\n\n## Two words {#two-words}\n## Two words {#two-words-1}");
    assert.deepEqual(anchorsOf(anchored(text)), ["the-idea", "two-words", "two-words-1"]);
});

for (const language of languages.filter(Boolean))
    test(`${language}: each page has the same places as the English one`, () => {
        const both = ["TUTORIAL.md", ...texts].filter((file) => isFile(edition(file, language)));
        assert.ok(both.length > 20, `${both.length} texts`);
        for (const file of both)
            assert.deepEqual(anchorsOf(anchored(read(edition(file, language)))), anchorsOf(anchored(read(file))), file);
    });

/** What the page says, wherever it is said: t("..."), say(..., "..."), state.said, errors of lib/. */
function* said() {
    for (const dir of ["generate/", ".vitepress/", ".vitepress/theme/", "../lib/"])
        for (const name of readdirSync(new URL(dir, site)).filter((file) => /\.(mjs|vue)$/.test(file)))
            yield readFileSync(new URL(dir + name, site), "utf8");
}

for (const [language, table] of Object.entries(words)) {
    test(`${language}: each sentence of the page is there`, () => {
        for (const text of said())
            for (const [, double, single = ""] of text.matchAll(/\bt\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g))
                assert.ok((double ?? single).replace(/\\/g, "") in table, double ?? single);
    });
    test(`${language}: each reason why a block is not run is there`, () => {
        for (const file of ["TUTORIAL.md", ...texts])
            for (const [, reason = ""] of read(file).matchAll(/^<!-- not run: (.*?) *-->$/gm))
                assert.ok(reason in table, `${file}: ${reason}`);
    });
    test(`${language}: no sentence is left over, and each has its words`, () => {
        const all = [...said()].join("\n") + texts.concat("TUTORIAL.md").map(read).join("\n");
        for (const [sentence, translated] of Object.entries(table)) {
            assert.ok(all.replace(/\\/g, "").includes(sentence), `nobody says: ${sentence}`);
            assert.equal(translated.split("%s").length, sentence.split("%s").length, sentence);
        }
    });
}

test("what is not in the table stays English", () => {
    assert.equal(say("", "%s of %s", 1, 2), "1 of 2");
    assert.equal(say("ko", "such a sentence is not there"), "such a sentence is not there");
});
