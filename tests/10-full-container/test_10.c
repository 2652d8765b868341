/* Stage 10: everything together, its own IPC and its own clocks. */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/moments.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "10-full-container";

#define ROOT "--layer", rootfs()
#define KEY  0x7e57

static void need_file(const char *path, const char *what)
{
	if (access(path, F_OK) < 0)
		skip("this kernel has no %s", what);
}

/* Does the container see what has this key on the host? */
static bool sees_key(const char *kind)
{
	struct result *r = RUN(ROOT, "awk", "{ print $1 }",
			       text("/proc/sysvipc/%s", kind));

	ck_assert_msg(has(r->out, "key\n"), "%s", r->err);
	return has(r->out, text("\n%d\n", KEY));
}

START_TEST(shared_memory_of_the_host_is_not_seen)
{
	int id;
	bool seen;

	need_file("/proc/sysvipc/shm", "System V shared memory");
	id = shmget(KEY, 4096, IPC_CREAT | 0600);
	ck_assert_int_ge(id, 0);
	seen = sees_key("shm");
	shmctl(id, IPC_RMID, NULL);
	isolated(!seen, "it is");
}
END_TEST

START_TEST(semaphores_of_the_host_are_not_seen)
{
	int id;
	bool seen;

	need_file("/proc/sysvipc/sem", "System V semaphores");
	id = semget(KEY, 1, IPC_CREAT | 0600);
	ck_assert_int_ge(id, 0);
	seen = sees_key("sem");
	semctl(id, 0, IPC_RMID);
	isolated(!seen, "they are");
}
END_TEST

START_TEST(message_queues_of_the_host_are_not_seen)
{
	int id;
	bool seen;

	need_file("/proc/sysvipc/msg", "System V message queues");
	id = msgget(KEY, IPC_CREAT | 0600);
	ck_assert_int_ge(id, 0);
	seen = sees_key("msg");
	msgctl(id, IPC_RMID, NULL);
	isolated(!seen, "they are");
}
END_TEST

START_TEST(what_the_container_shares_is_not_seen_by_the_host)
{
	static const char *const kinds[] = { "shm", "sem", "msg" };
	struct running r;

	need_file("/proc/sysvipc/shm", "System V shared memory");
	need_file("/usr/bin/ipcmk", "ipcmk to share something with");
	r = start(NULL, WORDS("sh", "-c",
			      "ipcmk -M 4096 -S 1 -Q > /dev/null; "
			      "tail -q -n +2 /proc/sysvipc/* | wc -l; read x"));
	ck_assert_str_eq(next_line(&r), "3");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(char *); i++)
		isolated(strcmp(shell("tail -n +2 /proc/sysvipc/%s", kinds[i]),
				"") == 0,
			 "the host sees its %s", kinds[i]);
	finish(&r);
}
END_TEST

/* Shows the POSIX message queues, also where nobody mounted them before. */
#define QUEUES       ROOT, "--seccomp", "none", "--cap-add", "SYS_ADMIN", "sh", "-c"
#define MOUNT_QUEUES "mount -t mqueue none /mnt && "

START_TEST(posix_queues_of_the_host_are_not_seen)
{
	struct result *r;
	mqd_t queue;

	need_file("/proc/sys/fs/mqueue", "POSIX message queues");
	queue = mq_open("/of-the-host", O_CREAT | O_RDWR, 0600, NULL);
	ck_assert_msg(queue >= 0, "%s", strerror(errno));
	r = RUN(QUEUES, MOUNT_QUEUES "ls /mnt; echo seen");
	mq_close(queue);
	mq_unlink("/of-the-host");
	ck_assert_msg(has(r->out, "seen\n"), "%s", r->err);
	isolated(!has(r->out, "of-the-host"), "they are");
}
END_TEST

START_TEST(posix_queues_of_the_container_are_not_seen_by_the_host)
{
	struct running r;
	mqd_t queue;

	need_file("/proc/sys/fs/mqueue", "POSIX message queues");
	r = start(NULL, WORDS(QUEUES, MOUNT_QUEUES
			      "touch /mnt/inside && echo ready; read x"));
	expect(&r, "ready");
	queue = mq_open("/inside", O_RDONLY);
	isolated(queue < 0, "the host can open them");
	ck_assert_int_eq(errno, ENOENT);
	finish(&r);
}
END_TEST

START_TEST(its_own_queues_are_files_in_dev_mqueue)
{
	struct result *r;

	need_file("/proc/sys/fs/mqueue", "POSIX message queues");
	r = RUN(ROOT, "sh", "-c",
		"touch /dev/mqueue/mine; grep -s QSIZE /dev/mqueue/mine; "
		"echo tried");
	isolated(has(r->out, "QSIZE:0"), "there are none: %s", r->err);
}
END_TEST

START_TEST(all_eight_namespaces_are_its_own)
{
	static const char *const names[] = { "cgroup", "ipc",  "mnt",  "net",
					     "pid",    "time", "user", "uts" };
	struct running r = start(NULL, WORDS(ROOT, "--userns", "--net", "none",
					     "sh", "-c", "echo ready; read x"));
	long pid;

	expect(&r, "ready");
	pid = first_inside(&r);
	for (size_t i = 0; i < sizeof(names) / sizeof(char *); i++) {
		char *inside = link_text("/proc/%ld/ns/%s", pid, names[i]);

		ck_assert_msg(has(inside, names[i]), "%s", names[i]);
		isolated(strcmp(inside,
				link_text("/proc/self/ns/%s", names[i])) != 0,
			 "%s is the host's", inside);
	}
	finish(&r);
}
END_TEST

START_TEST(everything_works_together)
{
	struct result *r;

	shell("mkdir /run/shown; echo shown > /run/shown/file");
	r = RUN(ROOT, "--hostname", "box", "--domainname", "box.example",
		"--init", "--mount", "/run/shown:/mnt:ro", "--tmpfs", "/tmp:1M",
		"--memory", "64M", "--pids", "20", "--cap-drop", "CHOWN",
		"--cap-add", "SYS_TIME", "--userns", "--net", "none", "--deny",
		"link", "--deny", "linkat", "--boottime", "1000000",
		"--monotonic", "5", "sh", "-c",
		"hostname; cat /proc/sys/kernel/domainname; echo $$; "
		"cat /mnt/file; touch /mnt/file || echo read-only; "
		"chown 7 /tmp || echo no chown; id -u; "
		"ls /sys/class/net; touch /tmp/x; ln /tmp/x /tmp/y; "
		"wc -l < /proc/1/cgroup > /dev/null; "
		"[ $(cut -d. -f1 /proc/uptime) -gt 1000000 ] && echo later");
	shell("rm -r /run/shown");
	ck_assert_str_eq(r->out, "box\nbox.example\n2\nshown\nread-only\n"
				 "no chown\n0\nlo\nlater\n");
	ck_assert_msg(has(r->err, "ln: /tmp/y: Operation not permitted"), "%s",
		      r->err);
}
END_TEST

START_TEST(an_ordinary_user_can_have_a_container)
{
	static const struct manner unshare = { .program = "/usr/bin/unshare",
					       .ordinary_user = true };
	static const struct manner ordinary = { .ordinary_user = true };
	struct result *r;

	if (run(&unshare, WORDS("--user", "--map-root-user", "--mount", "true"))
		    ->status != 0)
		skip("this machine lets no ordinary user make a user "
		     "namespace");
	r = run(&ordinary,
		WORDS("--userns", "--rootfs", rootfs(), "--net", "none",
		      "--boottime", "1000000", "sh", "-c",
		      "id -u; touch /dev/mqueue/x && "
		      "[ $(cut -d. -f1 /proc/uptime) -gt 1000000 ] && "
		      "readlink /proc/self/ns/time"));
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert(strncmp(r->out, "0\ntime:[", 8) == 0);
	ck_assert_ptr_null(strstr(r->out, link_text("/proc/self/ns/time")));
}
END_TEST

START_TEST(exit_statuses_are_the_commands)
{
	ck_assert_int_eq(RUN(ROOT, "true")->status, 0);
	ck_assert_int_eq(RUN(ROOT, "sh", "-c", "exit 3")->status, 3);
	ck_assert_int_eq(
		RUN(ROOT, "--init", "sh", "-c", "kill -TERM $$")->status,
		128 + SIGTERM);
	ck_assert_int_eq(RUN(ROOT, "/etc")->status, 126);
	ck_assert_int_eq(RUN(ROOT, "no-such-command")->status, 127);
	ck_assert_int_eq(RUN("--rootfs", "/none", "true")->status, 125);
}
END_TEST

/* The first word decides: a verb, or else options and a command. */
START_TEST(after_an_option_a_verb_is_a_command)
{
	if (!own_program())
		return;
	ck_assert_int_eq(RUN(ROOT, "state", "box")->status, 127);
	ck_assert_int_eq(RUN("state", "box")->status, 1);
}
END_TEST

START_TEST(the_container_dies_with_the_program)
{
	dies_with_the_program(NULL, WORDS(ROOT, READY_AND_STAY));
	dies_with_the_program(NULL,
			      WORDS(ROOT, "--userns", "--user", "65534",
				    "--init", "--net", "none", READY_AND_STAY));
}
END_TEST

START_TEST(kill_9_at_any_moment_ends_the_container)
{
	dies_at_every_moment(WORDS(ROOT, READY_AND_STAY));
}
END_TEST

START_TEST(kill_9_at_any_moment_ends_one_with_users_and_clocks_of_its_own)
{
	dies_at_every_moment(WORDS(ROOT, "--userns", "--net", "none",
				   "--boottime", "5", "--pids", "20", "true"));
}
END_TEST

START_TEST(a_namespace_that_the_kernel_refuses_is_an_error)
{
	struct manner no_ipc = { .denied_call = SYS_clone3,
				 .denied_error = EINVAL };
	struct manner no_time = { .denied_call = SYS_unshare,
				  .denied_error = EINVAL,
				  .denied_flags = CLONE_NEWTIME };

	cannot(&no_time, WORDS("true"), "time namespace");
	if (own_program())
		ck_assert_int_eq(run(&no_ipc, WORDS("true"))->status, 125);
}
END_TEST

const struct test tests[] = {
	{ "isolation", &shared_memory_of_the_host_is_not_seen },
	{ "isolation", &semaphores_of_the_host_are_not_seen },
	{ "isolation", &message_queues_of_the_host_are_not_seen },
	{ "isolation", &what_the_container_shares_is_not_seen_by_the_host },
	{ "isolation", &posix_queues_of_the_host_are_not_seen },
	{ "isolation",
	  &posix_queues_of_the_container_are_not_seen_by_the_host },
	{ "isolation", &its_own_queues_are_files_in_dev_mqueue },
	{ "isolation", &all_eight_namespaces_are_its_own },
	{ "safety", &everything_works_together },
	{ "safety", &an_ordinary_user_can_have_a_container },
	{ "safety", &exit_statuses_are_the_commands },
	{ "safety", &after_an_option_a_verb_is_a_command },
	{ "safety", &the_container_dies_with_the_program },
	{ "safety", &kill_9_at_any_moment_ends_the_container },
	{ "safety",
	  &kill_9_at_any_moment_ends_one_with_users_and_clocks_of_its_own },
	{ "input", &a_namespace_that_the_kernel_refuses_is_an_error },
	{ 0 },
};
