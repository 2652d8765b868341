import assert from "node:assert/strict";
import { test } from "node:test";
import { anchor, anchored } from "../../site/generate/anchors.mjs";
import { blocks } from "../../site/generate/blocks.mjs";
import { chapters } from "../../site/generate/chapters.mjs";
import { files, read, stages } from "../../site/generate/files.mjs";
import { links, resolve } from "../../site/generate/links.mjs";

/** @type {import("../../site/generate/links.mjs").Pages} */
const pages = {
    byFile: new Map([["docs/BENCH.md", "/docs/BENCH"], ["01-uts/README.md", "/01-uts/"], ["01-uts/README.ko.md", "/ko/01-uts/"]]),
    byAnchor: new Map([["TUTORIAL.md", new Map([["01-uts", "/tutorial/01-uts"], ["the-idea", "/tutorial/01-uts"]])]]),
    code: (file) => `/code/${file}`,
};

test("a tutorial is split at its chapters, and a heading in a block is none", () => {
    const all = chapters(anchored("# Book\n\ntext\n\n## 01 UTS: a name\n\n### The idea\n\n```\n# no heading\n```\n"));
    assert.deepEqual(all.map(({ slug }) => slug), ["book", "01-uts-a-name"]);
    assert.match(all[1]?.text ?? "", /^# 01 UTS: a name \{#01-uts-a-name\}$/m);
    assert.match(all[1]?.text ?? "", /^## The idea \{#the-idea\}$/m);
    assert.match(all[1]?.text ?? "", /^# no heading$/m);
});

test("an anchor is what GitHub makes of a heading", () => {
    assert.equal(anchor("05 cgroups: a budget"), "05-cgroups-a-budget");
    assert.equal(anchor("참고 자료"), "참고-자료");
});

test("comments before a block become its words", () => {
    assert.match(blocks("<!-- not run: it takes = minutes -->\n```console\n$ a\n```"), /^```console not-run=it%20takes%20%3D%20minutes\n/);
});

test("a quote knows its line in the file", () => {
    const [file = ""] = files.filter((name) => name.endsWith("/main.c"));
    const lines = read(file).split("\n"), at = lines.indexOf("int main(int argc, char **argv)");
    assert.ok(at > 0, file);
    const text = `<!-- file: ${file} -->\n\`\`\`c\n${lines[at]}\n${lines[at + 1]}\n\`\`\``;
    assert.match(blocks(text), new RegExp(` line=${at + 1}\n`));
});

test("links lead to pages, to code, or nowhere", () => {
    assert.equal(resolve("../docs/BENCH.md#goals", "tests/README.md", pages), "/docs/BENCH#goals");
    assert.equal(resolve("TUTORIAL.md#the-idea", "README.md", pages), "/tutorial/01-uts#the-idea");
    assert.equal(resolve("#01-uts", "TUTORIAL.md", pages), "/tutorial/01-uts");
    assert.equal(resolve("https://a.example/b", "README.md", pages), "https://a.example/b");
    assert.equal(resolve("/diff/05-cgroups", "TUTORIAL.md", pages), "/diff/05-cgroups");
    assert.equal(resolve("../01-uts", "docs/TEACHING.ko.md", pages), "/ko/01-uts/");
    assert.equal(resolve("../01-uts", "docs/TEACHING.md", pages), "/01-uts/");
    assert.equal(resolve("no-such-file", "README.md", pages), null);
    assert.equal(links("[a](no-such-file) and [b](docs/BENCH.md)", "README.md", pages), "a and [b](/docs/BENCH)");
});

test("there are ten stages", () => assert.equal(stages.length, 10));
