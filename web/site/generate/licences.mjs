// Whose work is in the page, under which licence, and where its source is.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { top } from "./files.mjs";

/** What npm brought, of what ends up in the page. */
function packages() {
    const lock = JSON.parse(readFileSync(join(top, "web/package-lock.json"), "utf8"));
    return Object.entries(lock.packages)
        .filter(([path, entry]) => path && !entry.dev && !entry.optional)
        .map(([path, entry]) => `| ${path.replace(/.*node_modules\//, "")} | ${entry.version} | ${entry.license ?? "see the package"} |`);
}

/** Debian's packages in the machine. */
function machine() {
    const file = join(top, "build/web-machine/packages");
    if (!existsSync(file)) return ["| (this page was built without the machine) | | |"];
    return readFileSync(file, "utf8").trim().split("\n").map((line) => {
        const [name, version, source, sourceVersion] = line.split(" ");
        return `| ${name} | ${version} | ${source} ${sourceVersion} |`;
    });
}

export function licences() {
    return `# Licences, and where the sources are

The kit's own licence is in the file [LICENSE](/code#LICENSE). What it stands on:

## The machine

It is Debian 12 for i386, as Debian made it: the kernel, SeaBIOS and each program under its own licence, which Debian
keeps as the file \`copyright\` of the package. The source of a package is at Debian: on a machine with Debian
\`apt-get source NAME=VERSION\` fetches it, and https://snapshot.debian.org keeps every version that there was.

| package | version | source |
| --- | --- | --- |
${machine().join("\n")}

## The page

| package | version | licence |
| --- | --- | --- |
${packages().join("\n")}
`;
}
