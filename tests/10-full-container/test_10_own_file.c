/* Stage 10: the runtime's own file and words, and who can get at them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define COPY "/run/copy/10-full-container"

/* A read-only mount can become writable, as /usr does for an update. */
START_TEST(its_file_is_protected_on_a_mount_that_is_read_only_anyway)
{
	struct running r;

	if (!own_program())
		skip("its own file is this program's own matter");
	shell("mkdir /run/copy; cp %s " COPY
	      "; mount --bind /run/copy /run/copy; "
	      "mount -o remount,bind,ro /run/copy",
	      program_under_test());
	r = start(
		&(struct manner){ .program = COPY },
		WORDS("--rootfs", rootfs(), "sh", "-c", "echo ready; read x"));
	expect(&r, "ready");
	/* A mount of this one file, which has no other place. */
	ck_assert_str_eq(link_text("/proc/%d/exe", (int)r.pid), "/");
	finish(&r);
	shell("umount /run/copy; rm -r /run/copy");
}
END_TEST

/* vm.memfd_noexec belongs to the PID namespace, which is this test's own. */
START_TEST(a_copy_in_memory_can_be_executed_where_that_has_to_be_said)
{
	static const struct manner no_mount = { .denied_call = SYS_open_tree,
						.denied_error = EPERM };
	struct result *r;

	if (access("/proc/sys/vm/memfd_noexec", W_OK) < 0)
		skip("this kernel has no vm.memfd_noexec");
	shell("echo 1 > /proc/sys/vm/memfd_noexec");
	ck_assert_str_eq(chomp(file_text("/proc/sys/vm/memfd_noexec")), "1");
	oci_begin(&(struct config){ 0 });
	r = run(&no_mount, WORDS("--root", OCI_STATES, "run", "--bundle",
				 OCI_BUNDLE, OCI_ID));
	ck_assert_msg(!own_program() || !has(r->err, "can be written"), "%s",
		      r->err);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety",
	  &its_file_is_protected_on_a_mount_that_is_read_only_anyway },
	{ "safety",
	  &a_copy_in_memory_can_be_executed_where_that_has_to_be_said },
	{ 0 },
};
