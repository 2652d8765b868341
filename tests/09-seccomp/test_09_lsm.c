/* Stage 09: security modules, where the machine has one. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/runner/lsm.h"
#include "tests/runner/runner.h"

const char stage_name[] = "09-seccomp";

#define ROOT "--layer", rootfs()

/* Root with every capability, who also may make any system call. */
#define MIGHTY ROOT, "--cap-add", "ALL"

START_TEST(a_profile_forbids_what_every_capability_allows)
{
	struct result *free, *confined;
	char *profile;

	need_apparmor();
	profile = load_profile();
	free = RUN(MIGHTY, "sh", "-c", "touch /etc/x && echo written");
	confined = RUN(MIGHTY, NEW, "--apparmor", profile, SAME, "sh", "-c",
		       "cat /proc/self/attr/current; touch /tmp/x && "
		       "echo elsewhere; touch /etc/x && echo written");
	unload_profile(profile);
	ck_assert_str_eq(free->out, "written\n");
	isolated(!has(confined->out, "written"), "it is written all the same");
	ck_assert_str_eq(confined->out,
			 text("%s (enforce)\nelsewhere\n", profile));
	ck_assert_msg(has(confined->err, "Permission denied"), "%s",
		      confined->err);
}
END_TEST

START_TEST(a_profile_holds_for_what_init_starts_and_in_a_user_namespace)
{
	struct result *reaped, *mapped;
	char *profile;

	need_apparmor();
	profile = load_profile();
	reaped = RUN(MIGHTY, "--init", "--apparmor", profile, "sh", "-c",
		     "cat /proc/self/attr/current; touch /etc/x || echo no");
	mapped = RUN(ROOT, "--userns", "--apparmor", profile, "sh", "-c",
		     "cat /proc/self/attr/current; touch /etc/x || echo no");
	unload_profile(profile);
	ck_assert_str_eq(reaped->out, text("%s (enforce)\nno\n", profile));
	ck_assert_str_eq(mapped->out, text("%s (enforce)\nno\n", profile));
}
END_TEST

START_TEST(a_profile_that_is_not_loaded_is_named)
{
	need_apparmor();
	cannot(NULL, WORDS("--apparmor", "no-such-profile", "true"),
	       "choose the AppArmor profile no-such-profile");
}
END_TEST

START_TEST(the_host_stays_unconfined)
{
	char *before, *profile;

	need_apparmor();
	before = file_text("/proc/self/attr/apparmor/current");
	profile = load_profile();
	RUN(ROOT, "--apparmor", profile, "true");
	unload_profile(profile);
	ck_assert_str_eq(file_text("/proc/self/attr/apparmor/current"), before);
}
END_TEST

START_TEST(a_label_is_that_of_the_command)
{
	char *label = usable_label();
	struct result *r =
		RUN(ROOT, "--selinux", label, "cat", "/proc/self/attr/current");

	/* It ends with a zero byte, which ends the text as well. */
	ck_assert_str_eq(r->out, label);
	cannot(NULL, WORDS("--selinux", "no:such:label:s0", "true"),
	       "choose the SELinux label no:such:label:s0");
}
END_TEST

/* What it prints would be written to our pipe, which is forbidden as well. */
START_TEST(a_label_forbids_what_every_capability_allows)
{
	static const char script[] = "read x </mine || exit 1; "
				     "read x </other || exit 2";
	struct result *free, *confined;

	make_labelled();
	free = RUN("--layer", LABELLED, "--cap-add", "ALL", "sh", "-c", script);
	confined = RUN("--layer", LABELLED, "--cap-add", "ALL", NEW,
		       "--selinux", CONTAINER_LABEL, SAME, "sh", "-c", script);
	remove_labelled();
	ck_assert_msg(free->status == 0, "%s", free->err);
	isolated(confined->status != 0, "another container's file is read");
	ck_assert_msg(confined->status == 2, "exit status %d: %s",
		      confined->status, confined->err);
}
END_TEST

START_TEST(a_module_that_the_machine_lacks_is_named)
{
	if (!has_apparmor())
		cannot(NULL, WORDS("--apparmor", "box", "true"),
		       "by box: this machine has no AppArmor");
	if (!has_selinux())
		cannot(NULL, WORDS("--selinux", "a:b:c:s0", "true"),
		       "by a:b:c:s0: this machine has no SELinux");
	if (has_apparmor() && has_selinux())
		skip("this machine has both modules");
}
END_TEST

const struct test tests[] = {
	{ "isolation", &a_profile_forbids_what_every_capability_allows },
	{ "safety",
	  &a_profile_holds_for_what_init_starts_and_in_a_user_namespace },
	{ "input", &a_profile_that_is_not_loaded_is_named },
	{ "safety", &the_host_stays_unconfined },
	{ "safety", &a_label_is_that_of_the_command },
	{ "isolation", &a_label_forbids_what_every_capability_allows },
	{ "input", &a_module_that_the_machine_lacks_is_named },
	{ 0 },
};
