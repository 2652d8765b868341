import assert from "node:assert/strict";
import { test } from "node:test";
import { Marks } from "../../lib/marks.mjs";

/** @param {string[]} chunks */
function heard(chunks) {
    /** @type {string[]} */
    const all = [];
    const marks = new Marks({
        text: (text) => { if (all.at(-1)?.startsWith("t:")) all[all.length - 1] += text; else all.push(`t:${text}`); },
        mark: ({ kind, status }) => { all.push(`${kind}${status}`); },
    });
    for (const chunk of chunks) marks.push(chunk);
    return all;
}

const text = "\x1b]133;C\x07box\x1b[1m!\r\n\x1b]133;D;3\x07\x1b]133;A\x07$ ";

test("marks are taken out, everything else is text", () => {
    assert.deepEqual(heard([text]), ["C0", "t:box\x1b[1m!\r\n", "D3", "A0", "t:$ "]);
});

test("a mark may come in pieces, cut anywhere", () => {
    for (let at = 1; at < text.length; at++)
        assert.deepEqual(heard([text.slice(0, at), text.slice(at)]), heard([text]), `cut at ${at}`);
});
