// Starts the machine under Node, waits until all is at its prompt, keeps its state.
//
//   node boot.mjs DIR DISK-SIZE CHUNK MEMORY     DIR/disk.img, kernel, ... -> DIR/state
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { V86 } from "v86";
import { Agent } from "../lib/agent.mjs";

const [dir = "", size, chunk, memory] = process.argv.slice(2);
const built = dirname(createRequire(import.meta.url).resolve("v86"));
const TOO_LONG = 60 * 60 * 1000; // on a busy machine; 12 s on a quiet one

/** Its types know fewer words than it does. @type {any} */
const machine = new V86(/** @type {any} */ ({
    wasm_path: join(built, "v86.wasm"),
    memory_size: Number(memory) << 20,
    vga_memory_size: 1 << 20,
    bios: { url: join(dir, "bios.bin") },
    vga_bios: { url: join(dir, "vgabios-stdvga.bin") },
    bzimage: { url: join(dir, "kernel") },
    initrd: { url: join(dir, "initrd") },
    cmdline: "console=ttyS3 tsc=reliable mitigations=off random.trust_cpu=on quiet cgroup_no_v1=all",
    hda: { url: join(dir, "disk.img"), async: true, size: Number(size), fixed_chunk_size: Number(chunk) },
    uart1: true, uart2: true, uart3: true,
    disable_keyboard: true, disable_mouse: true, disable_speaker: true,
    net_device: { type: "none" },
    autostart: true,
}));

let console_text = "";
machine.add_listener("serial3-output-byte", (/** @type {number} */ byte) => {
    console_text += String.fromCharCode(byte);
});

/** Resolves when a terminal shows a prompt (OSC 133;A, see machine/root/.../bashrc). @param {number} port */
const prompt = (port) => new Promise((resolve) => {
    let text = "";
    machine.add_listener(`serial${port}-output-byte`, (/** @type {number} */ byte) => {
        text += String.fromCharCode(byte);
        if (text.includes("\x1b]133;A")) resolve(undefined);
    });
});

// What came packed is unpacked: that stays in the state.  Free memory is filled with
// zeros: they take no room in it.  Then what a
// reader types first is run once, so that it need not come from the disk.
const WARM = `
set -e
busybox unxz -c ../attacks.tar.xz | tar -x -C build/tests/attacks
rm ../attacks.tar.xz
sync
echo 3 >/proc/sys/vm/drop_caches
set +e
free=$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)
mount -t tmpfs -o size=100% tmpfs /mnt && head -c $((free * 9 / 10))k /dev/zero >/mnt/zeros
umount /mnt
cat bin/* build/rootfs/bin/busybox /bin/bash >/dev/null
for each in sudo ps ls cat unshare nsenter readlink pgrep pkill hostname grep sleep tail head tee mkdir rmdir; do command -v $each; done | xargs cat >/dev/null
sudo -u reader sudo bin/01-uts hostname
bin/04-chroot --rootfs build/rootfs true
bin/08-netns --net bridge --layer build/rootfs true
sync
grep -E 'Mem|Cached' /proc/meminfo`;

setTimeout(() => {
    console.error(`web: the machine did not start\n${console_text.slice(-2000)}`);
    process.exit(1);
}, TOO_LONG).unref();

const agent = new Agent(machine);
await Promise.all([agent.ready, prompt(0), prompt(1)]);
const { output, status } = await agent.run(WARM);
if (status !== 0) throw new Error(`warming up: ${output}`);
process.stderr.write(output.replace(/^/gm, "web:   "));
writeFileSync(join(dir, "state"), new Uint8Array(await machine.save_state()));
process.exit(0);
