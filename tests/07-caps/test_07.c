/* Stage 07: fewer capabilities, and another user. */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/runner/helpers.h"
#include "tests/runner/judged.h"
#include "tests/runner/runner.h"
#include "tests/runner/status.h"

const char stage_name[] = "07-caps";

#define ROOT MAYBE, "--rootfs", rootfs(), SAME

/* The attack that would have its capabilities back. */
static const char *regain(void)
{
	const char *path = text("%s/regain", getenv("ATTACKS"));

	if (access(path, X_OK) < 0)
		skip("the attacks are not built: make attacks");
	return path;
}

static void has_set(const char *status, const char *set, const char *name,
		    unsigned long long wanted)
{
	ck_assert_msg(status_set(status, set) == wanted,
		      "%s is %#llx, not %#llx", name, status_set(status, set),
		      wanted);
}

START_TEST(root_inside_has_dockers_fourteen)
{
	char *status = RUN(STATUS)->out;

	isolated(status_set(status, "CapBnd") ==
			 status_here(DOCKER_CAPABILITIES),
		 "bounding is %#llx", status_set(status, "CapBnd"));
	has_set(status, "CapPrm", "permitted",
		status_here(DOCKER_CAPABILITIES));
	has_set(status, "CapEff", "effective",
		status_here(DOCKER_CAPABILITIES));
	has_set(status, "CapInh", "inheritable", 0);
	has_set(status, "CapAmb", "ambient", 0);
}
END_TEST

START_TEST(root_inside_cannot_mount)
{
	struct result *r = RUN(ROOT, TRY("mount -t tmpfs none /tmp"));

	isolated(!was_done(r), "it could mount");
}
END_TEST

START_TEST(root_inside_cannot_change_its_host_name)
{
	struct result *r = RUN(TRY("hostname mine"));

	isolated(!was_done(r), "it could change the host name");
}
END_TEST

START_TEST(what_is_added_is_there_and_nothing_else)
{
	char *status = RUN(NEW, "--cap-add", "SYS_TIME", SAME, STATUS)->out;
	unsigned long long wanted =
		status_here(DOCKER_CAPABILITIES | BIT(CAP_SYS_TIME));

	isolated(status_set(status, "CapBnd") == wanted, "bounding is %#llx",
		 status_set(status, "CapBnd"));
	ck_assert_uint_eq(status_set(status, "CapEff"), wanted);
}
END_TEST

START_TEST(what_is_dropped_is_not_there)
{
	char *status = RUN(NEW, "--cap-drop", "CHOWN", SAME, STATUS)->out;

	isolated(!(status_set(status, "CapBnd") & BIT(CAP_CHOWN)),
		 "CAP_CHOWN is in the bounding set");
	ck_assert_uint_eq(status_set(status, "CapEff"),
			  status_here(DOCKER_CAPABILITIES) & ~BIT(CAP_CHOWN));
}
END_TEST

START_TEST(all_sets_are_empty_after_dropping_all)
{
	static const char *const names[] = { "CapBnd", "CapPrm", "CapEff",
					     "CapInh", "CapAmb" };
	char *status = RUN(NEW, "--cap-drop", "ALL", SAME, STATUS)->out;

	for (size_t i = 0; i < sizeof(names) / sizeof(char *); i++)
		isolated(status_set(status, names[i]) == 0, "%s is %#llx",
			 names[i], status_set(status, names[i]));
}
END_TEST

START_TEST(of_add_and_drop_the_later_one_counts)
{
	char *status = RUN(NEW, "--cap-add", "SYS_TIME", "--cap-drop", "all",
			   "--cap-add", "Cap_Net_Raw", "--cap-add", "chown",
			   "--cap-drop", "CAP_CHOWN", SAME, STATUS)
			       ->out;

	isolated(status_set(status, "CapBnd") == status_here(BIT(CAP_NET_RAW)),
		 "bounding is %#llx", status_set(status, "CapBnd"));
}
END_TEST

START_TEST(all_means_what_the_caller_has)
{
	char *status = RUN("--cap-add", "ALL", STATUS)->out;

	ck_assert_uint_eq(status_set(status, "CapBnd"), status_here(~0ULL));
	ck_assert_uint_eq(status_set(status, "CapEff"), status_here(~0ULL));
}
END_TEST

START_TEST(an_exec_does_not_bring_back_what_was_dropped)
{
	struct result *r =
		RUN("sh", "-c", text("%s && echo done; echo tried", regain()));

	isolated(!was_done(r), "user 0 regained the right to mount");
}
END_TEST

/* CAP_SYS_ADMIN is in the bounding set here, so only no_new_privs is left. */
START_TEST(no_new_privs_stops_a_regain_within_the_bounding_set)
{
	struct result *r = RUN("--cap-add", "SYS_ADMIN", regain());

	ck_assert_int_ne(r->status, 0);
	r = RUN("--cap-add", "SYS_ADMIN", "--allow-new-privs", regain());
	ck_assert_msg(r->status == 0, "%s", r->err);
}
END_TEST

START_TEST(no_new_privs_is_set)
{
	char *status = RUN(STATUS)->out;

	isolated(has(status, "NoNewPrivs:\t1"), "no_new_privs is not set");
	if (own_program())
		ck_assert(has(RUN("--allow-new-privs", STATUS)->out,
			      "NoNewPrivs:\t0"));
}
END_TEST

/* A place for setuid files; the host's other tmpfs are nosuid. */
static void with_setuid_id(void)
{
	shell("mkdir /run/setuid && mount -n -t tmpfs none /run/setuid && "
	      "cp \"$(command -v id)\" /run/setuid/id && "
	      "chmod 4755 /run/setuid/id");
}

static void without_setuid_id(void)
{
	shell("umount -n /run/setuid && rmdir /run/setuid");
}

START_TEST(a_setuid_program_gains_nothing)
{
	struct result *r;

	with_setuid_id();
	r = RUN(NEW, "--user", "65534", SAME, "/run/setuid/id", "-u");
	without_setuid_id();
	isolated(strcmp(r->out, "65534\n") == 0, "it ran as user %s", r->out);
}
END_TEST

START_TEST(where_it_is_allowed_a_setuid_program_gains)
{
	struct result *r;

	with_setuid_id();
	r = RUN("--user", "65534", "--allow-new-privs", "/run/setuid/id", "-u");
	without_setuid_id();
	ck_assert_str_eq(r->out, "0\n");
}
END_TEST

START_TEST(the_command_runs_as_the_given_user)
{
	char *status = RUN(NEW, "--user", "1000:1001", SAME, STATUS)->out;

	isolated(has(status, "\nUid:\t1000\t1000\t1000\t1000\n"),
		 "another user");
	isolated(has(status, "\nGid:\t1001\t1001\t1001\t1001\n"),
		 "another group");
	ck_assert(has(status, "\nGroups:\t \n"));
}
END_TEST

START_TEST(the_group_is_by_default_as_the_user)
{
	char *status = RUN(NEW, "-u", "1000", SAME, STATUS)->out;

	isolated(has(status, "\nGid:\t1000\t1000\t1000\t1000\n"),
		 "another group");
}
END_TEST

START_TEST(the_groups_of_the_caller_are_given_up)
{
	static const struct manner setpriv = { .program = "/usr/bin/setpriv" };
	struct result *r = run(&setpriv, WORDS("--groups", "5,6",
					       program_under_test(), STATUS));

	isolated(has(r->out, "\nGroups:\t \n"), "groups are left");
}
END_TEST

START_TEST(another_user_has_no_capabilities)
{
	char *status = RUN(NEW, "--user", "65534", SAME, STATUS)->out;

	isolated(status_set(status, "CapEff") == 0, "effective is %#llx",
		 status_set(status, "CapEff"));
	ck_assert_uint_eq(status_set(status, "CapPrm"), 0);
	ck_assert_uint_eq(status_set(status, "CapAmb"), 0);
	ck_assert_uint_eq(status_set(status, "CapBnd"),
			  status_here(DOCKER_CAPABILITIES));
}
END_TEST

START_TEST(an_added_capability_reaches_another_user)
{
	unsigned long long wanted = BIT(CAP_NET_BIND_SERVICE);
	char *status = RUN(NEW, "--user", "65534", "--cap-add",
			   "NET_BIND_SERVICE", SAME, STATUS)
			       ->out;

	isolated(status_set(status, "CapEff") == wanted, "effective is %#llx",
		 status_set(status, "CapEff"));
	ck_assert_uint_eq(status_set(status, "CapPrm"), wanted);
	ck_assert_uint_eq(status_set(status, "CapInh"), wanted);
	ck_assert_uint_eq(status_set(status, "CapAmb"), wanted);
}
END_TEST

START_TEST(an_added_capability_works_for_another_user)
{
	struct result *r = RUN(
		"--user", "65534", "--cap-add", "CHOWN", "sh", "-c",
		"id -u; touch /tmp/x && chown 7 /tmp/x && stat -c %u /tmp/x "
		"&& chown 65534 /tmp/x && rm /tmp/x");

	ck_assert_msg(strncmp(r->out, "65534\n", 6) == 0,
		      "the command is not user 65534, but %s%s", r->out,
		      r->err);
	ck_assert_msg(strcmp(r->out, "65534\n7\n") == 0,
		      "user 65534 with CAP_CHOWN gives no file away: %s",
		      r->err);
}
END_TEST

START_TEST(a_default_capability_the_caller_lacks_is_left_out)
{
	static const struct manner setpriv = { .program = "/usr/bin/setpriv" };
	struct result *r = run(&setpriv, WORDS("--bounding-set", "-chown",
					       program_under_test(), STATUS));

	ck_assert_uint_eq(status_set(r->out, "CapBnd"),
			  status_here(DOCKER_CAPABILITIES) & ~BIT(CAP_CHOWN));
}
END_TEST

START_TEST(an_added_capability_the_caller_lacks_is_an_error)
{
	static const struct manner setpriv = { .program = "/usr/bin/setpriv" };
	struct result *r = run(&setpriv, WORDS("--bounding-set", "-chown",
					       program_under_test(),
					       "--cap-add", "CHOWN", "true"));

	ck_assert_int_eq(r->status, 125);
	if (own_program())
		ck_assert(has(r->err, "does not have CAP_CHOWN"));
}
END_TEST

START_TEST(a_user_that_cannot_be_left_is_an_error)
{
	static const int calls[] = { SYS_setgroups, SYS_setresgid,
				     SYS_setresuid };

	for (size_t i = 0; own_program() && i < sizeof(calls) / sizeof(int);
	     i++) {
		struct manner manner = { .denied_call = calls[i],
					 .denied_error = EPERM };
		struct result *r =
			run(&manner, WORDS("--user", "65534", "true"));

		ck_assert_int_eq(r->status, 125);
		ck_assert_msg(has(r->err, "(EPERM)"), "%s", r->err);
	}
}
END_TEST

/* A change of user clears the wish to die with the parent. */
START_TEST(another_user_dies_with_the_program)
{
	dies_with_the_program(NULL, WORDS("--user", "65534", READY_AND_STAY));
	dies_with_the_program(
		NULL, WORDS("--user", "65534", "--init", READY_AND_STAY));
}
END_TEST

START_TEST(bad_capabilities_are_refused)
{
	refuses(WORDS("--cap-add", "NETADMIN", "true"),
		"hint: close to it: CAP_NET_ADMIN\n");
	refuses(WORDS("--cap-drop", "SYS_ADMN", "true"), "CAP_SYS_ADMIN");
	refuses(WORDS("--cap-add", "NET", "true"), "CAP_NET_RAW");
	refuses(WORDS("--cap-add", "CAP_", "true"), "capabilities(7)");
	refuses(WORDS("--cap-add", "", "true"), "empty");
	refuses(WORDS("--cap-add", "12", "true"), "no capability is called");
	refuses(WORDS("--cap-add", "CHOWN,KILL", "true"),
		"no capability is called");
	refuses(WORDS("--cap-add",
		      "A_NAME_THAT_IS_FAR_LONGER_THAN_THE_LONGEST_CAPABILITY",
		      "true"),
		"no capability is called");
	refuses(WORDS("--cap-drop"), "needs a value");
}
END_TEST

START_TEST(bad_users_are_refused)
{
	static const char *const users[] = {
		"root",       "-1",
		"4294967295", "99999999999999999999",
		":",          ":5",
		"5:",         "1:2:3",
		"0x10",       " 5",
		"5 ",         "1.5",
		"5:nogroup",  "5:4294967295",
	};

	for (size_t i = 0; i < sizeof(users) / sizeof(char *); i++)
		refuses(WORDS("--user", users[i], "true"), "is not a user");
	refuses(WORDS("--user", "", "true"), "empty");
	refuses(WORDS("--user"), "needs a value");
}
END_TEST

START_TEST(the_largest_user_is_no_error)
{
	struct result *r = RUN("--user", "4294967294:4294967294", "id", "-u");

	ck_assert_str_eq(r->out, "4294967294\n");
}
END_TEST

const struct test tests[] = {
	{ "core isolation", &root_inside_has_dockers_fourteen },
	{ "core isolation", &root_inside_cannot_mount },
	{ "core isolation", &root_inside_cannot_change_its_host_name },
	{ "core isolation", &what_is_added_is_there_and_nothing_else },
	{ "core isolation", &what_is_dropped_is_not_there },
	{ "core isolation", &all_sets_are_empty_after_dropping_all },
	{ "core isolation", &of_add_and_drop_the_later_one_counts },
	{ "safety", &all_means_what_the_caller_has },
	{ "core isolation", &an_exec_does_not_bring_back_what_was_dropped },
	{ "safety", &no_new_privs_stops_a_regain_within_the_bounding_set },
	{ "core isolation", &no_new_privs_is_set },
	{ "core isolation", &a_setuid_program_gains_nothing },
	{ "safety", &where_it_is_allowed_a_setuid_program_gains },
	{ "core isolation", &the_command_runs_as_the_given_user },
	{ "core isolation", &the_group_is_by_default_as_the_user },
	{ "core isolation", &the_groups_of_the_caller_are_given_up },
	{ "core isolation", &another_user_has_no_capabilities },
	{ "core isolation", &an_added_capability_reaches_another_user },
	{ "core safety", &an_added_capability_works_for_another_user },
	{ "safety", &a_default_capability_the_caller_lacks_is_left_out },
	{ "safety", &an_added_capability_the_caller_lacks_is_an_error },
	{ "safety", &a_user_that_cannot_be_left_is_an_error },
	{ "safety", &another_user_dies_with_the_program },
	{ "input", &bad_capabilities_are_refused },
	{ "input", &bad_users_are_refused },
	{ "input", &the_largest_user_is_no_error },
	{ 0 },
};
