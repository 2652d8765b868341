/* Stage 07: questions that the kernel does not answer, or not truly. */
#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"

const char stage_name[] = "07-caps";

/* libcap looks for the last capability; here it is told of one that is not. */
START_TEST(after_a_wrong_answer_no_capability_stays)
{
	static const struct manner silent = {
		.denied_call = SYS_prctl,
		.denied_pair = { PR_CAPBSET_READ, CAP_MAC_OVERRIDE },
		.denied_error = EINVAL,
	};
	struct result *r = run(&silent, WORDS("--cap-drop", "ALL", "grep",
					      "CapBnd", "/proc/self/status"));

	ck_assert_msg(r->status == 125 ||
			      strcmp(r->out, "CapBnd:\t0000000000000000\n") ==
				      0,
		      "%d %s%s", r->status, r->out, r->err);
}
END_TEST

/* A socket cannot be opened: so which ids there are cannot be known. */
START_TEST(without_a_look_at_the_map_root_is_not_mapped_to_root)
{
	static const struct sockaddr_un name = { AF_UNIX, "/run/socket" };
	struct manner any = { .program = "" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct result *r;

	ck_assert(bind(fd, (const struct sockaddr *)&name, sizeof(name)) == 0);
	close(fd);
	r = run(&any,
		WORDS("unshare", "--mount", "sh", "-c",
		      text("mount --bind /run/socket /proc/$$/uid_map || "
			   "exit 99; exec %s --userns cat /proc/self/uid_map",
			   program_under_test())));
	shell("rm /run/socket");
	if (r->status == 99)
		skip("nothing can be mounted in /proc: %s", r->err);
	ck_assert_msg(r->status == 125, "%d %s%s", r->status, r->out, r->err);
	if (own_program())
		ck_assert_msg(has(r->err, "read /proc/self/uid_map"), "%s",
			      r->err);
}
END_TEST

const struct test tests[] = {
	{ "safety", &after_a_wrong_answer_no_capability_stays },
	{ "safety", &without_a_look_at_the_map_root_is_not_mapped_to_root },
	{ 0 },
};
