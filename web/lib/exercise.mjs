// What the machine is told to do with a reader's files.
import { toBase64 } from "./agent.mjs";

/** @typedef {{ name: string, text: string }} File */

const home = "/home/reader";

/** Lay out the place where there is none, put the files in, compile. @param {string} stage @param {File[]} files */
export function exerciseScript(stage, files) {
    const number = stage.slice(0, 2), dir = `${home}/mine/${number}`;
    const put = files.map(({ name, text }) => `base64 -d >'${dir}/${name}' <<'END'\n${toBase64(text)}\nEND`).join("\n");
    return `set -e
as="setpriv --reuid=reader --regid=reader --init-groups env HOME=${home}"
[ -d ${dir} ] || { $as mkdir -p ${home}/mine && $as make -s start STAGE=${number} DIR=${dir} >/dev/null; }
${put}
chown reader:reader ${dir}/*
$as make -s -C ${dir} CC=tcc`;
}

/** Then the kit's own tests, which are built already. @param {string} stage @param {File[]} files */
export function judgeScript(stage, files) {
    const number = stage.slice(0, 2);
    return `${exerciseScript(stage, files)}
make -s -o tests-built check STAGE=${number} PROGRAM=${home}/mine/${number}/${stage}`;
}
