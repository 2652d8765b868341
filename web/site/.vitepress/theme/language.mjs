// The switch of the language leads to the section that is read: its name is the
// same in each language.

const SWITCH = ".VPNavBarTranslations a, .VPNavBarExtra .translations a, .VPNavScreenTranslations a";
const BELOW_THE_BAR = 140;

/** The last heading above what is read. */
function section() {
    const headings = [...document.querySelectorAll(".vp-doc :is(h2, h3, h4)[id]")];
    return headings.findLast((each) => each.getBoundingClientRect().top < BELOW_THE_BAR)?.id ?? "";
}

export function stayOnSection() {
    const point = (/** @type {Event} */ event) => {
        const link = event.target instanceof Element ? event.target.closest(SWITCH) : null;
        // A file's name is all that the address of code has.
        if (link instanceof HTMLAnchorElement && !location.pathname.endsWith("/code.html")) link.hash = section();
    };
    // Before the click, which VitePress takes.
    for (const event of ["pointerdown", "keydown", "focusin"]) addEventListener(event, point, { capture: true });
}
