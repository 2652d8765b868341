/* explain: what it says in words is true, also of what is rare. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/explain/subject.h"
#include "tests/runner/helpers.h"
#include "tests/runner/runner.h"

const char stage_name[] = "explain";

#define says(r, piece) ck_assert_msg(has((r)->err, piece), "%s", (r)->err)

/* The story of a program that is compiled for it. */
static struct result *story_of(const char *source)
{
	struct result *r;

	ck_assert_str_eq(subject("-w", source), "");
	r = RUN("/run/subject");
	shell("rm /run/subject*");
	return r;
}

START_TEST(each_program_that_a_process_becomes_is_told)
{
	struct result *r = RUN("chroot", "/", "/bin/true");
	const char *root = strstr(r->err, "paths begin here");

	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(root && has(root, "execve  true ") &&
			      has(root, "from here on it is this program"),
		      "%s", r->err);
}
END_TEST

START_TEST(only_a_name_is_looked_for_in_path)
{
	const char *source =
		"#include <sched.h>\n#include <unistd.h>\n"
		"int main(void) {\n"
		"execl(\"/no/such\", \"/no/such\", (char *)0);\n"
		"execlp(\"no-such\", \"no-such\", (char *)0); return 0; }";
	struct result *r = story_of(source);

	says(r, "ENOENT: no such file, or no such interpreter\n");
	says(r, "ENOENT: not there: the next directory of PATH");
}
END_TEST

START_TEST(a_command_that_is_mistyped_has_a_hint)
{
	says(RUN("no-such-program"),
	     "hint: no directory of PATH has a program of this name");
	says(RUN("/no/such/program"), "hint: there is no such file\n");
	shell("printf '#!/no/such/sh\\n' >/run/script && chmod +x /run/script");
	says(RUN("/run/script"), "hint: the file is there: its loader");
	shell("rm /run/script");
}
END_TEST

START_TEST(a_user_that_stays_is_no_number)
{
	struct result *r =
		story_of("#define _GNU_SOURCE\n#include <unistd.h>\n"
			 "int main(void) {\n"
			 "setresuid(-1, 7, -1); setresuid(-1, 0, -1);\n"
			 "setregid(-1, 8); setreuid(-1, -1);\n"
			 "return setresgid(9, -1, 9); }");

	ck_assert_int_eq(r->status, 0);
	says(r, "effective 7, effective 0  07  whose rights it has");
	says(r, "effective 8               07  which group's rights it has");
	says(r, "-1 is \"as it is\": nothing changes");
	says(r, "real 9 saved 9            07  which group it has");
}
END_TEST

START_TEST(a_trigger_is_no_limit)
{
	char *group = shell("find /sys/fs/cgroup -name memory.pressure | "
			    "head -n 1");
	struct result *r;

	if (!*group)
		skip("no group here counts the pressure of memory");
	r = RUN("sh", "-c",
		text("echo some 200000 2000000 1<>%s >&1 || :", group));
	says(r, "memory.pressure some 200000 2000000  05  to be told when");
}
END_TEST

/* What was the root is known by what pivot_root(2) called it. */
START_TEST(only_the_old_root_is_the_old_root)
{
	struct result *r =
		RUN("unshare", "-m", "sh", "-c",
		    "mount -t tmpfs x /mnt; mkdir /mnt/golden; "
		    "mount -t tmpfs x /mnt/golden; umount /mnt/golden; "
		    "umount /mnt; mount --rbind / /mnt; "
		    "pivot_root /mnt /mnt/media; umount -l /media");

	ck_assert_int_eq(r->status, 0);
	says(r, "03  a mount is taken away");
	says(r, "umount2     /media detached");
	ck_assert(
		has(strstr(r->err, "umount2     /media"), "04  the old root"));
}
END_TEST

START_TEST(a_path_that_goes_on_from_another_one_is_not_in_the_root)
{
	struct result *r =
		RUN("unshare", "-m", "sh", "-c",
		    "mount -t tmpfs x /media; mkdir /media/mnt; "
		    "mount -t tmpfs x /media/mnt; mount -t tmpfs x /mnt; "
		    "cd /mnt; mkdir old; pivot_root . old; :");

	says(r, "ROOT is /mnt");
	says(r, "tmpfs on /media/mnt");
}
END_TEST

START_TEST(a_probe_of_bpf_has_its_reason)
{
	struct result *r = story_of(
		"#include <linux/bpf.h>\n#include <sys/syscall.h>\n"
		"#include <unistd.h>\n"
		"int main(void) { union bpf_attr a = { 0 };\n"
		"a.target_fd = a.attach_bpf_fd = -1; a.attach_type = 6;\n"
		"syscall(SYS_bpf, BPF_PROG_ATTACH, &a, sizeof(a));\n"
		"return 0; }");

	if (!has(r->err, "EBADF"))
		skip("bpf(2) is refused here");
	says(r, "EBADF: a probe: does the kernel know this?");
}
END_TEST

/* Its only rule is of an argument: what it says of 0 is not what it says. */
START_TEST(a_filter_that_looks_at_arguments_refuses_for_some)
{
	struct result *r = story_of(
		"#include <linux/filter.h>\n#include <linux/seccomp.h>\n"
		"#include <sys/prctl.h>\n#include <sys/syscall.h>\n"
		"#define DO(c, k) { c, 0, 0, k }\n"
		"#define IF(c, k, no) { BPF_JMP | c, 0, no, k }\n"
		"struct sock_filter f[] = {\n"
		"DO(BPF_LD | BPF_ABS, 0), IF(BPF_JEQ, SYS_clone, 4),\n"
		"DO(BPF_LD | BPF_ABS, 16), DO(BPF_ALU | BPF_AND, 0x10000000),\n"
		"IF(BPF_JEQ, 0x10000000, 4),\n"
		"DO(BPF_RET, SECCOMP_RET_ERRNO | 1),\n"
		"IF(BPF_JEQ, SYS_reboot, 1), DO(BPF_RET, SECCOMP_RET_TRAP),\n"
		"IF(BPF_JEQ, SYS_socket, 4),\n"
		"DO(BPF_LD | BPF_ABS, 16), DO(BPF_ALU | BPF_AND, 6),\n"
		"IF(BPF_JGT, 6, 1), DO(BPF_RET, SECCOMP_RET_TRAP),\n"
		"DO(BPF_RET, SECCOMP_RET_ALLOW) };\n"
		"struct sock_fprog p = { sizeof(f) / sizeof(*f), f };\n"
		"int main(void) { prctl(38, 1, 0, 0, 0);\n"
		"return prctl(PR_SET_SECCOMP, 2, &p); }");

	ck_assert_int_eq(r->status, 0);
	says(r, "that refuses 1 of ");
	says(r, ": reboot and 1 for some arguments: clone\n");
}
END_TEST

START_TEST(a_filter_can_ask_another_process)
{
	struct result *r = story_of(
		"#include <linux/filter.h>\n#include <linux/seccomp.h>\n"
		"#include <sys/syscall.h>\n#include <unistd.h>\n"
		"struct sock_filter f[] = { { BPF_LD | BPF_ABS, 0, 0, 0 },\n"
		"{ BPF_JMP | BPF_JEQ, 0, 1, SYS_mount },\n"
		"{ BPF_RET, 0, 0, SECCOMP_RET_USER_NOTIF },\n"
		"{ BPF_RET, 0, 0, SECCOMP_RET_ALLOW } };\n"
		"struct sock_fprog p = { 4, f };\n"
		"int main(void) {\n"
		"return syscall(SYS_seccomp, 1, 8, &p) < 0; }");

	ck_assert_int_eq(r->status, 0);
	says(r, "that refuses 0 of ");
	says(r, " and asks another process of 1\n");
}
END_TEST

START_TEST(what_comes_with_the_next_child_is_said)
{
	const char *here = "a=/proc/self/ns; exec nsenter --pid=$a/pid "
			   "--mount=$a/mnt true";

	says(RUN("unshare", "-p", "true"),
	     "from now on processes of its own (processes: for its next "
	     "child)\n");
	says(RUN("sh", "-c", here),
	     "from now on processes that others have (processes: for its next "
	     "child)\n");
}
END_TEST

START_TEST(groups_that_may_be_left_are_not_told_as_kept)
{
	struct result *r = story_of(
		"#define _GNU_SOURCE\n#include <fcntl.h>\n#include <sched.h>\n"
		"#include <string.h>\n#include <unistd.h>\n"
		"int set(const char *to) {\n"
		"int fd = open(\"/proc/self/setgroups\", O_WRONLY);\n"
		"return write(fd, to, strlen(to)) < 0; }\n"
		"int main(void) { return unshare(CLONE_NEWUSER) ||\n"
		"set(\"allow\") || set(\"deny\"); }");

	if (r->status != 0)
		skip("there are no user namespaces here");
	says(r, "setgroups deny ");
	says(r, "so that nobody leaves a group");
	says(r, "setgroups allow ");
	says(r, "so that groups may be left");
}
END_TEST

START_TEST(another_machine_is_told_only_where_one_is_seen)
{
	struct result *r = RUN("setarch", "-R", "true");

	says(r, "personality  0x40000 ");
	says(r, "10  how its memory and its calls behave\n");
}
END_TEST

const struct test tests[] = {
	{ "safety", &each_program_that_a_process_becomes_is_told },
	{ "safety", &only_a_name_is_looked_for_in_path },
	{ "input", &a_command_that_is_mistyped_has_a_hint },
	{ "safety", &a_user_that_stays_is_no_number },
	{ "safety", &a_trigger_is_no_limit },
	{ "safety", &only_the_old_root_is_the_old_root },
	{ "safety", &a_path_that_goes_on_from_another_one_is_not_in_the_root },
	{ "safety", &a_probe_of_bpf_has_its_reason },
	{ "safety", &a_filter_that_looks_at_arguments_refuses_for_some },
	{ "safety", &a_filter_can_ask_another_process },
	{ "safety", &what_comes_with_the_next_child_is_said },
	{ "safety", &groups_that_may_be_left_are_not_told_as_kept },
	{ "safety", &another_machine_is_told_only_where_one_is_seen },
	{ 0 },
};
