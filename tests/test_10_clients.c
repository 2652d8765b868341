/* Stage 10: programs that others wrote call it, or prepare its bundles. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/oci.h"
#include "tests/runner.h"

const char stage_name[] = "10-full-container";

static void need(const char *program)
{
	if (!*shell("command -v %s", program))
		skip("%s is not installed", program);
}

/* podman with everything it keeps below /run, which is the test's own. */
#define PODMAN_DIR "/run/podman"
#define PODMAN                                                        \
	"CONTAINERS_CONF=" PODMAN_DIR                                 \
	"/containers.conf podman --root " PODMAN_DIR                  \
	"/root --runroot " PODMAN_DIR "/runroot --tmpdir " PODMAN_DIR \
	"/tmp --storage-driver vfs --cgroup-manager cgroupfs "        \
	"--runtime %s --runtime-flag root=" PODMAN_DIR "/states "
#define PODMAN_RUN \
	PODMAN "run --rm --network none --security-opt label=disable "

/* Limits are not raised: the machine's root may lack CAP_SYS_RESOURCE. */
static const char podman_limits[] =
	"awk '/open files/ { l = l sprintf(\"\\\"nofile=%s:%s\\\", \", $5, $5)"
	" } /processes/ { if ($4 != \"unlimited\") l = l sprintf(\"\\\"nproc=%s"
	":%s\\\", \", $4, $4) } END { print \"default_ulimits = [\" l \"]\" }'"
	" /proc/self/limits";

/* It makes files in the root that it is given: so that is a copy. */
#define PODMAN_ROOTFS PODMAN_DIR "/rootfs"

static void podman_begin(void)
{
	need("podman");
	need("conmon");
	shell("mkdir -p " PODMAN_DIR "/runroot " PODMAN_DIR "/tmp");
	shell("cp -a %s " PODMAN_ROOTFS, rootfs());
	shell("{ echo '[containers]'; %s; echo '[network]'; "
	      "echo 'network_config_dir = \"" PODMAN_DIR "/cni\"'; "
	      "echo '[engine]'; "
	      "echo 'lock_type = \"file\"'; echo 'events_logger = \"none\"'; "
	      "} > " PODMAN_DIR "/containers.conf",
	      podman_limits);
}

/* Somebody besides process 1, the runner and this test; or 0. */
static pid_t somebody(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0, pid;

	ck_assert_ptr_nonnull(proc);
	while (!found && (entry = readdir(proc))) {
		pid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (pid > 1 && pid != getpid() && pid != getppid())
			found = pid;
	}
	closedir(proc);
	return found;
}

/* podman ends before its monitor does, which starts others to clean up. */
static void podman_end(void)
{
	for (pid_t pid = somebody(); pid; pid = somebody())
		oci_wait(pid);
	shell("find /sys/fs/cgroup -depth -path '*libpod_parent*' -type d "
	      "-exec rmdir {} +; rm -rf " PODMAN_DIR
	      " /run/libpod /run/lock /run/containers; "
	      "rmdir /run/ten-steps/oci /run/ten-steps");
}

START_TEST(podman_runs_a_command_and_has_its_status)
{
	char *out;

	podman_begin();
	out = shell(PODMAN_RUN "--hostname box --rootfs %s sh -c 'hostname; "
			       "id -u; exit 7' 2>&1; echo $?",
		    program_under_test(), PODMAN_ROOTFS);
	podman_end();
	ck_assert_str_eq(out, "box\n0\n7");
}
END_TEST

START_TEST(podman_is_told_why_a_command_did_not_start)
{
	char *out;

	podman_begin();
	out = shell(PODMAN_RUN "--rootfs %s no-such-program 2>&1; echo $?",
		    program_under_test(), PODMAN_ROOTFS);
	podman_end();
	ck_assert_msg(has(out, "no-such-program"), "%s", out);
	ck_assert_msg(has(out, "\n127"), "%s", out);
}
END_TEST

START_TEST(podman_gives_it_a_terminal)
{
	char *out;

	podman_begin();
	out = shell(PODMAN_RUN "-t --rootfs %s sh -c 'tty; stat -c %%a "
			       "/dev/console' 2>&1",
		    program_under_test(), PODMAN_ROOTFS);
	podman_end();
	ck_assert_msg(has(out, "/dev/pts/0\r\n"), "%s", out);
}
END_TEST

START_TEST(podman_sets_limits_and_drops_capabilities)
{
	char *out;

	podman_begin();
	out = shell(PODMAN_RUN
		    "--memory 64m --pids-limit 33 --cap-drop all "
		    "--read-only --user 7:8 --rootfs %s sh -c 'id -u; id -g; "
		    "touch /x 2> /dev/null || echo read-only; "
		    "grep -e CapEff -e Seccomp: /proc/self/status' 2>&1",
		    program_under_test(), PODMAN_ROOTFS);
	podman_end();
	ck_assert_str_eq(out, "7\n8\nread-only\nCapEff:\t0000000000000000\n"
			      "Seccomp:\t2");
}
END_TEST

/* From its start in the background to its removal. */
START_TEST(podman_drives_a_whole_life)
{
	char *podman, *out;

	podman_begin();
	podman = text(PODMAN, program_under_test());
	out = shell("exec 2>&1; %s run -d --name box --network none "
		    "--rootfs %s sh -c 'trap \"exit 9\" TERM; "
		    "tail -f /dev/null & wait' > /dev/null; "
		    "%s ps --filter status=running --format {{.Names}}; "
		    "%s exec box sh -c 'id -u; exit 4'; echo $?; "
		    "%s stop box; %s wait box; "
		    "%s ps --filter status=running --format {{.Names}}; "
		    "%s rm box",
		    podman, PODMAN_ROOTFS, podman, podman, podman, podman,
		    podman, podman);
	podman_end();
	ck_assert_str_eq(out, "box\n0\n4\nbox\n9\nbox");
}
END_TEST

/* An image of one layer, made here: no registry is asked. */
static void make_oci_image(void)
{
	need("umoci");
	shell("mkdir /run/image && cd /run/image && umoci init --layout o && "
	      "umoci new --image o:one && umoci unpack --image o:one made && "
	      "cp -a %s/. made/rootfs && umoci repack --image o:one made && "
	      "umoci config --image o:one --config.env COLOR=blue "
	      "--config.cmd sh --config.cmd=-c --config.cmd 'echo $COLOR; "
	      "exit 6' --config.workingdir /tmp && rm -r made",
	      rootfs());
}

static void remove_oci_image(void)
{
	shell("rm -rf /run/image");
}

START_TEST(an_image_unpacked_by_umoci_runs)
{
	struct result *r;

	make_oci_image();
	oci_begin(&(struct config){ 0 });
	shell("cd /run/image && umoci unpack --image o:one bundle && "
	      "sed -i 's/\"terminal\": true/\"terminal\": false/' "
	      "bundle/config.json");
	r = OCI("run", "--bundle", "/run/image/bundle", OCI_ID);
	oci_end();
	remove_oci_image();
	ck_assert_msg(r->status == 6, "%s", r->err);
	ck_assert_str_eq(r->out, "blue\n");
}
END_TEST

/* It keeps a cache in /var/lib: not on this machine. */
START_TEST(an_image_copied_by_skopeo_runs)
{
	struct result *r;

	need("skopeo");
	make_oci_image();
	oci_begin(&(struct config){ 0 });
	shell("cd /run/image && unshare --mount sh -c 'mount -t tmpfs none "
	      "/var/lib && skopeo --insecure-policy copy -q oci:o:one "
	      "oci:p:two' && umoci unpack --image p:two bundle && "
	      "sed -i 's/\"terminal\": true/\"terminal\": false/' "
	      "bundle/config.json");
	r = OCI("run", "--bundle", "/run/image/bundle", OCI_ID);
	oci_end();
	remove_oci_image();
	ck_assert_msg(r->status == 6, "%s", r->err);
}
END_TEST

const struct test tests[] = {
	{ "safety", &podman_runs_a_command_and_has_its_status },
	{ "safety", &podman_is_told_why_a_command_did_not_start },
	{ "safety", &podman_gives_it_a_terminal },
	{ "safety", &podman_sets_limits_and_drops_capabilities },
	{ "safety", &podman_drives_a_whole_life },
	{ "safety", &an_image_unpacked_by_umoci_runs },
	{ "safety", &an_image_copied_by_skopeo_runs },
	{ 0 },
};
