// The page's words, in the language of the page that is shown.
import { useData } from "vitepress";
import { computed } from "vue";
import { say } from "../../words.mjs";

export function useWords() {
    const { lang, localeIndex } = useData();
    return {
        /** @param {string} sentence @param {(string | number)[]} more */
        t: (sentence, ...more) => say(lang.value, sentence, ...more),
        language: lang,
        /** What stands before the addresses of that language's pages. */
        to: computed(() => localeIndex.value === "root" ? "" : `/${localeIndex.value}`),
    };
}
