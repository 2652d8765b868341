// VitePress's own theme, with the machine beside the text.
import DefaultTheme from "vitepress/theme-without-fonts";
import CodeLink from "./CodeLink.vue";
import Layout from "./Layout.vue";
import RunBlock from "./RunBlock.vue";
import StageCode from "./StageCode.vue";
import StageDiff from "./StageDiff.vue";
import StageExercise from "./StageExercise.vue";
import "./style.css";

/** @type {import("vitepress").Theme} */
export default {
    extends: DefaultTheme,
    Layout,
    enhanceApp({ app }) {
        app.component("RunBlock", RunBlock);
        app.component("CodeLink", CodeLink);
        app.component("StageCode", StageCode);
        app.component("StageDiff", StageDiff);
        app.component("StageExercise", StageExercise);
    },
};
