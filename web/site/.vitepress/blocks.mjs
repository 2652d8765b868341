// How blocks of code are shown: a console block with its button, a quote with
// the file that it is from.  The words come from site/generate/blocks.mjs.

import { say } from "../words.mjs";

/** @param {string} info */
function words(info) {
    /** @type {Record<string, string>} */
    const all = {};
    for (const [, name = "", value = ""] of info.matchAll(/ ([a-z-]+)=(\S*)/g)) all[name] = decodeURIComponent(value);
    return all;
}

/** @param {string} text */
const attribute = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

/** The language of a page, "" for English. @param {{ relativePath?: string }} env */
const languageOf = (env) => /^([a-z]{2})\//.exec(env.relativePath ?? "")?.[1] ?? "";

/** @param {import("vitepress").MarkdownRenderer} md */
export function blockRenderer(md) {
    const plain = md.renderer.rules.fence;
    if (!plain) throw new Error("the renderer of blocks is missing");
    // Vue would take {{ }} in a text for its own.
    md.renderer.rules.code_inline = (tokens, index) => `<code v-pre>${md.utils.escapeHtml(tokens[index]?.content ?? "")}</code>`;
    md.renderer.rules.text = (tokens, index) => md.utils.escapeHtml(tokens[index]?.content ?? "").replace(/\{\{/g, "<span v-pre>{{</span>");
    // A block of commands that is indented, and no more: wider than a telephone, so it scrolls.
    md.renderer.rules.code_block = (tokens, index) =>
        `<pre v-pre class="plain" tabindex="0"><code>${md.utils.escapeHtml(tokens[index]?.content ?? "")}</code></pre>\n`;
    const link = md.renderer.rules["link_open"];
    md.renderer.rules["link_open"] = (tokens, index, options, env, self) => {
        const language = languageOf(env);
        const to = String(tokens[index]?.attrGet("href") ?? "");
        // From a translation to a text that is there in English only.
        if (language && to.startsWith("/") && !to.startsWith(`/${language}/`)) tokens[index]?.attrSet("hreflang", "en");
        return link ? link(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
    };
    md.renderer.rules.fence = (tokens, index, options, env, self) => {
        const token = tokens[index];
        if (!token) return "";
        const how = words(token.info);
        const [, component = ""] = /^stage-(diff|exercise|code)\b/.exec(token.info) ?? [];
        if (component)
            return `<Stage${component[0]?.toUpperCase()}${component.slice(1)} stage="${attribute(how["of"] ?? "")}" />`;
        token.info = token.info.replace(/ [a-z-]+=\S*/g, "");
        const html = plain(tokens, index, options, env, self).replace("Copy Code", say(languageOf(env), "Copy Code"));
        if (/^console\b/.test(token.info))
            return `<RunBlock text="${encodeURIComponent(token.content)}" not-run="${attribute(how["not-run"] ?? "")}" `
                + `needs="${encodeURIComponent(how["needs"] ?? "")}">${html}</RunBlock>`;
        if (how["file"])
            return `<figure class="quote"><figcaption><CodeLink file="${attribute(how["file"])}" line="${how["line"] ?? 1}" /></figcaption>${html}</figure>`;
        return html;
    };
}
