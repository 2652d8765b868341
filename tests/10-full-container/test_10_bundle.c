/*
 * Exercise 10: somebody's bundle, run by the kit's runtime and looked at from
 * outside and inside: see box.h.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "tests/10-full-container/box.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "10-full-container";

#define TMP_BYTES (16 << 20)
#define PORT      80
#define NEEDED    BIT(10) /* CAP_NET_BIND_SERVICE */

static bool has_option(const char *options, const char *option)
{
	return has(text(",%s,", options), text(",%s,", option));
}

START_TEST(the_runtime_takes_it_and_its_program_says_ready)
{
	struct box box = box_begin();
	/* An exec takes longer than the end of who has nothing more to do. */
	struct result *r = INSIDE(&box, "true");

	box_must_stay(box.pid);
	box_end(&box);
	ck_assert_msg(r->status == 0, "no command can be run in it: %s",
		      r->err);
}
END_TEST

START_TEST(the_root_file_system_is_in_the_bundle)
{
	struct box box = box_begin();
	char *root = box_root(&box);

	box_end(&box);
	ck_assert_msg(root[0], ROOT_OUTSIDE);
}
END_TEST

START_TEST(it_ends_with_0_when_it_is_asked_to)
{
	struct box box = box_begin();

	box_ends_by_term(&box, "");
	box_forget_bundle();
}
END_TEST

START_TEST(it_is_called_shop)
{
	struct box box = box_begin();
	char *name = box_hostname(&box);

	box_end(&box);
	ck_assert_msg(strcmp(name, "shop") == 0,
		      "its host name is %s: \"hostname\" is at the top of "
		      "config.json, and takes a namespace \"uts\"",
		      name);
}
END_TEST

START_TEST(it_has_six_namespaces_of_its_own)
{
	static const char *const names[][2] = {
		{ "pid", "pid" }, { "mnt", "mount" },   { "uts", "uts" },
		{ "ipc", "ipc" }, { "net", "network" }, { "cgroup", "cgroup" },
	};
	struct box box = box_begin();
	char *shared = text("%s", "");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(link_text("/proc/%d/ns/%s", (int)box.pid,
				     names[i][0]),
			   link_text("/proc/self/ns/%s", names[i][0])) == 0)
			shared = text("%s %s", shared, names[i][1]);
	box_end(&box);
	ck_assert_msg(!shared[0],
		      "it shares with the host:%s (linux.namespaces)", shared);
}
END_TEST

START_TEST(its_root_is_read_only)
{
	struct box box = box_begin();
	char *options = box_mount(&box, "/");

	box_end(&box);
	ck_assert_msg(has_option(options, "ro"),
		      "its root can be written to: it is mounted %s", options);
}
END_TEST

START_TEST(files_can_be_made_in_tmp_and_no_program_runs_there)
{
	static const char *const wanted[] = { "noexec", "nosuid", "nodev" };
	struct box box = box_begin();
	char *options = box_mount(&box, "/tmp");
	struct result *r;

	ck_assert_msg(options[0], "nothing is mounted on /tmp");
	r = INSIDE(&box, "touch", "/tmp/made");
	box_end(&box);
	ck_assert_msg(r->status == 0,
		      "its user makes no file in /tmp: %s (see \"mode\" in "
		      "tmpfs(5))",
		      r->err);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(char *); i++)
		ck_assert_msg(has_option(options, wanted[i]),
			      "/tmp is not mounted %s, but %s", wanted[i],
			      options);
}
END_TEST

START_TEST(tmp_is_a_tmpfs_of_at_most_16_mib)
{
	struct box box = box_begin();
	struct statfs tmp = { 0 };
	long long size = -1;

	if (statfs(text("/proc/%d/root/tmp", (int)box.pid), &tmp) == 0)
		size = (long long)tmp.f_blocks * tmp.f_bsize;
	box_end(&box);
	ck_assert_msg(tmp.f_type == 0x01021994, "/tmp is no tmpfs");
	ck_assert_msg(size > 0 && size <= TMP_BYTES,
		      "/tmp takes %lld bytes, more than 16 MiB (0: without "
		      "end): without \"size\" it is half of the machine's "
		      "memory",
		      size);
}
END_TEST

/*
 * What the host has mounted is known by its device.  The kernel's own views
 * may be the same ones, and what hides files of /proc is a bind of its null
 * device.
 */
#define OF_THE_HOST                                               \
	"NR == FNR { host[$3] = 1; next } $5 == \"/\" { next } "  \
	"{ view = / - (proc|sysfs|mqueue|cgroup2?) /; "           \
	"is_usual = $5 ~ \"^/(proc|dev|sys)(/|$)\" } "            \
	"is_usual && $4 == \"/null\" { next } "                   \
	"(host[$3] && !view) || "                                 \
	"(!is_usual && ($4 != \"/\" || !(view || / - tmpfs /))) " \
	"{ print $4 \" on \" $5 }"

START_TEST(no_directory_of_the_host_is_mounted)
{
	struct box box = box_begin();
	char *found = shell("awk '" OF_THE_HOST "' /proc/self/mountinfo "
			    "/proc/%d/mountinfo",
			    (int)box.pid);

	box_end(&box);
	ck_assert_msg(!found[0],
		      "of the host there is mounted: %s (what it needs is to "
		      "be in its own root)",
		      found);
}
END_TEST

START_TEST(it_is_not_root)
{
	struct box box = box_begin();
	char *uids = box_status(&box, "Uid"), *gids = box_status(&box, "Gid");
	char *groups = box_status(&box, "Groups");

	box_end(&box);
	ck_assert_msg(!has(text("\t%s\t", uids), "\t0\t"),
		      "it is user 0: Uid: %s (process.user.uid)", uids);
	ck_assert_msg(!has(text("\t%s\t", gids), "\t0\t"),
		      "it is group 0: Gid: %s (process.user.gid)", gids);
	ck_assert_msg(!has(text(" %s ", groups), " 0 "),
		      "it is in group 0: Groups: %s", groups);
}
END_TEST

START_TEST(one_capability_is_left)
{
	static const char *const sets[] = { "CapBnd", "CapPrm", "CapEff",
					    "CapInh", "CapAmb" };
	struct box box = box_begin();

	box_end(&box);
	for (size_t i = 0; i < sizeof(sets) / sizeof(char *); i++) {
		unsigned long long set = status_set(box.status, sets[i]);

		ck_assert_msg(!(set & ~NEEDED),
			      "%s is %016llx: it has more than "
			      "CAP_NET_BIND_SERVICE (%016llx)",
			      sets[i], set, NEEDED);
	}
}
END_TEST

START_TEST(the_program_has_this_capability)
{
	struct box box = box_begin();
	unsigned long long effective = status_set(box.status, "CapEff");

	box_end(&box);
	ck_assert_msg(effective & NEEDED,
		      "CapEff is %016llx, without CAP_NET_BIND_SERVICE: what "
		      "is not ambient is lost by an exec of who is not root",
		      effective);
}
END_TEST

START_TEST(it_listens_on_port_80)
{
	struct box box = box_begin();
	char *listening = shell("cat /proc/%d/net/tcp /proc/%d/net/tcp6 | awk "
				"'$2 ~ /:%04X$/ && $4 == \"0A\"'",
				(int)box.pid, (int)box.pid, PORT);

	box_end(&box);
	ck_assert_msg(listening[0],
		      "nobody listens on port 80 when it has said ready");
}
END_TEST

START_TEST(no_new_privileges_can_be_had)
{
	struct box box = box_begin();
	char *flag = box_status(&box, "NoNewPrivs");

	box_end(&box);
	ck_assert_msg(strcmp(flag, "1") == 0,
		      "NoNewPrivs is %s (process.noNewPrivileges)", flag);
}
END_TEST

START_TEST(unshare_answers_eperm)
{
	struct box box = box_begin();
	char *mode = box_status(&box, "Seccomp");
	struct result *r = INSIDE(&box, "unshare", "-U", "true");

	box_end(&box);
	ck_assert_msg(strcmp(mode, "2") == 0,
		      "there is no filter: Seccomp is %s (linux.seccomp)",
		      mode);
	ck_assert_msg(r->status != 0,
		      "unshare(2) makes a user namespace, in which its user is "
		      "root");
	ck_assert_msg(has(r->err, "Operation not permitted"),
		      "unshare(2) does not answer EPERM: status %d: %s",
		      r->status, r->err);
}
END_TEST

/* What is promised, in a text to compare. */
static char *promises(const struct box *box)
{
	return text("%s / %s\n%s", box_hostname(box),
		    has_option(box_mount(box, "/"), "ro") ? "read-only"
							  : "writable",
		    shell("grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp):' "
			  "/proc/%d/status",
			  (int)box->pid));
}

START_TEST(runc_makes_the_same_of_it)
{
	struct box ours, theirs;
	char *here, *there;

	if (!shell("command -v runc")[0])
		skip("runc is not installed");
	ours = box_begin();
	here = promises(&ours);
	box_kill(&ours);
	theirs = box_run("runc", "box");
	there = promises(&theirs);
	box_ends_by_term(&theirs, "with runc ");
	box_forget_bundle();
	ck_assert_msg(strcmp(here, there) == 0,
		      "with the kit's runtime:\n%s\nand with runc:\n%s", here,
		      there);
}
END_TEST

/* The rest: what a good bundle has, and the exercise does not ask for. */

START_TEST(two_of_it_can_run)
{
	struct box one = box_begin(), other = box_run(box_runtime(), "other");
	char *group = file_text("/proc/%d/cgroup", (int)one.pid);
	char *others = file_text("/proc/%d/cgroup", (int)other.pid);

	box_kill(&other);
	box_end(&one);
	ck_assert_msg(strcmp(group, others) != 0,
		      "two containers of it are in one group: %s", group);
}
END_TEST

START_TEST(settings_of_the_kernel_cannot_be_written)
{
	struct box box = box_begin();
	char *options = box_mount(&box, "/proc/sys");

	box_end(&box);
	ck_assert_msg(has_option(options, "ro"),
		      "/proc/sys is not read-only (linux.readonlyPaths)");
}
END_TEST

START_TEST(memory_of_the_kernel_is_hidden)
{
	struct box box = box_begin();
	struct stat kcore;
	bool is_there = stat(text("/proc/%d/root/proc/kcore", (int)box.pid),
			     &kcore) == 0 &&
			S_ISREG(kcore.st_mode);

	box_end(&box);
	ck_assert_msg(!is_there,
		      "/proc/kcore is the kernel's (linux.maskedPaths)");
}
END_TEST

const struct test tests[] = {
	{ "core safety", &the_runtime_takes_it_and_its_program_says_ready },
	{ "core safety", &the_root_file_system_is_in_the_bundle },
	{ "core safety", &it_ends_with_0_when_it_is_asked_to },
	{ "core safety", &it_listens_on_port_80 },
	{ "core safety", &it_is_called_shop },
	{ "core safety", &it_has_six_namespaces_of_its_own },
	{ "core safety", &its_root_is_read_only },
	{ "core safety", &files_can_be_made_in_tmp_and_no_program_runs_there },
	{ "core safety", &tmp_is_a_tmpfs_of_at_most_16_mib },
	{ "core safety", &no_directory_of_the_host_is_mounted },
	{ "core safety", &it_is_not_root },
	{ "core safety", &one_capability_is_left },
	{ "core safety", &the_program_has_this_capability },
	{ "core safety", &no_new_privileges_can_be_had },
	{ "core safety", &unshare_answers_eperm },
	{ "core safety", &runc_makes_the_same_of_it },
	{ "safety", &two_of_it_can_run },
	{ "safety", &settings_of_the_kernel_cannot_be_written },
	{ "safety", &memory_of_the_kernel_is_hidden },
	{ 0 },
};
