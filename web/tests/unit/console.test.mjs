import assert from "node:assert/strict";
import { test } from "node:test";
import { lineMatches, matches, matchesAtTerminal, outputLines, parseBlock } from "../../lib/console.mjs";

test("a block is commands and what they print", () => {
    assert.deepEqual(parseBlock("$ a\none\n$ b \\\n> c\n\ntwo\n"), [
        { text: "a", wanted: ["one"] }, { text: "b \\\nc", wanted: ["", "two"] }]);
});

test("long numbers and blanks are alike, short numbers are not", () => {
    assert.ok(lineMatches("uts:[4026532178]", "uts:[4026531999]"));
    assert.ok(lineMatches("NSpid:\t12345 1", "NSpid: 99999   1"));
    assert.ok(!lineMatches("status 143", "status 137"));
});

test("a terminal's name is what the text has no name for", () => {
    assert.ok(lineMatches("      1 ?        00:00:00 sh", "      1 pts/0    00:00:00 sh"));
});

test("dots stand for anything in a line", () => {
    assert.ok(lineMatches("box 6...", "box 6.1.0-50-686"));
    assert.ok(!lineMatches("box 6...", "host 6.1"));
    assert.ok(lineMatches("a (x) ... [y]", "a (x) anything [y]"));
});

test("dots alone stand for any number of lines", () => {
    assert.ok(matches(["...", "end"], ["end"]));
    assert.ok(matches(["...", "end"], ["a", "b", "end"]));
    assert.ok(matches(["begin", "..."], ["begin"]));
    assert.ok(!matches(["...", "end"], ["end", "more"]));
    assert.ok(!matches([], ["more"]));
    assert.ok(matches([], []));
});

test("what ls prints in columns is one name a line in the text", () => {
    assert.ok(matchesAtTerminal(["box", "a", "b", "c", "d"], ["box", "a  c", "b  d"]));
    assert.ok(!matchesAtTerminal(["box", "a", "b"], ["box", "a  c"]));
    assert.ok(!matchesAtTerminal(["a"], ["b"]));
});

test("what only an interactive shell says is left out", () => {
    assert.deepEqual(outputLines("[1] 4711\r\nbox\r\n[1]+  Killed                  sudo x\r\n"), ["box"]);
    assert.deepEqual(outputLines("\x1b[?2004l\rbox"), ["\rbox"]);
    assert.deepEqual(outputLines("No such process\r\n\r\n"), ["No such process", ""]);
    assert.deepEqual(outputLines(""), []);
});
