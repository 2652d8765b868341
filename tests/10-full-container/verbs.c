#include "tests/10-full-container/verbs.h"

#include <unistd.h>

#define UNIFIED "/sys/fs/cgroup/unified" /* v2's place if v1 is there, too */

struct running oci_start(const char *id)
{
	struct running box = oci_create(id);
	struct result *r = OCI("start", id);

	ck_assert_msg(r->status == 0, "start: %s", r->err);
	expect(&box, "ready");
	return box;
}

void oci_delete(struct running *box, const char *id)
{
	pid_t pid = oci_pid(id);
	struct result *r;

	oci_close(box);
	oci_wait(pid);
	r = OCI("delete", id);
	ck_assert_msg(r->status == 0, "delete: %s", r->err);
}

char *oci_group_file(pid_t pid, const char *v2, const char *controller,
		     const char *v1)
{
	return shell(
		"v2=$(sed -n 's/^0:://p' /proc/%d/cgroup); "
		"v1=$(sed -n 's/^[0-9]*:[^:]*\\b%s\\b[^:]*://p' "
		"/proc/%d/cgroup); "
		"for at in /sys/fs/cgroup$v2 /sys/fs/cgroup/unified$v2; do "
		"test -f $at/%s && exec cat $at/%s; done; "
		"cat /sys/fs/cgroup/%s$v1/%s",
		pid, controller, pid, v2, v2, controller, v1);
}

struct result *oci_v1(const char *const words[])
{
	static const struct manner any = { .program = "" };
	const char *all[64] = { "unshare",
				"--mount",
				"sh",
				"-c",
				"! mountpoint -q " UNIFIED " || "
				"umount " UNIFIED " || exit; "
				"exec \"$0\" \"$@\" < /dev/null >&2",
				program_under_test() };
	size_t count = 6;

	if (access("/sys/fs/cgroup/freezer", F_OK) != 0)
		skip("this machine has no cgroup v1");
	while ((all[count] = *words++) != NULL)
		count++;
	return run(&any, all);
}
