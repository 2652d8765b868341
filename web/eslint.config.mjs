// Rules for JavaScript of ours; how it looks is left to its writers.
import js from "@eslint/js";
import globals from "globals";

export default [
    { ignores: ["node_modules", "site/.vitepress/cache"] },
    js.configs.recommended,
    {
        files: ["**/*.mjs", "**/*.js"],
        languageOptions: { globals: { ...globals.browser, ...globals.node, ...globals.serviceworker } },
        rules: { eqeqeq: "error", "prefer-const": "error", "no-var": "error", "max-lines": ["error", 200] },
    },
];
