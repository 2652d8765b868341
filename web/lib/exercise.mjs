// What the machine is told to do with a reader's files.
import { toBase64 } from "./agent.mjs";

/** @typedef {{ name: string, text: string }} File */

const home = "/home/reader";

/**
 * Put the files into their place, which is there already, and compile.
 * @param {string} stage @param {File[]} files
 */
export function exerciseScript(stage, files) {
    const number = stage.slice(0, 2), dir = `${home}/mine/${number}`;
    const put = files.map(({ name, text }) => `base64 -d >'${dir}/${name}' <<'END'\n${toBase64(text)}\nEND`).join("\n");
    return `set -e
as="setpriv --reuid=reader --regid=reader --init-groups env HOME=${home}"
[ -d ${dir} ] || $as tools/start.sh ${stage} ${dir} >/dev/null
${put}
chown reader:reader ${dir}/*
$as make -s -C ${dir} CC=tcc`;
}

/**
 * Then the kit's own tests, as `make check` has them run: they are built already, and
 * make would think about that for long.  The lesson first; without attacks: that machine is slow.
 * @param {string} stage @param {File[]} files @param {"core" | "all"} parts
 */
export function judgeScript(stage, files, parts) {
    const number = stage.slice(0, 2);
    return `${exerciseScript(stage, files)}
export BIN=$PWD/bin ROOTFS=$PWD/build/rootfs ATTACKS=$PWD/build/tests/attacks
PARTS=${parts} ATTACK_SECONDS=0 tests/check.sh build/tests ${number} ${home}/mine/${number}/${stage}`;
}
