#include "tests/runner/lsm.h"

#include <unistd.h>

#define PROFILE "09-seccomp/ten-steps.apparmor"

bool has_apparmor(void)
{
	return has(file_text("/sys/module/apparmor/parameters/enabled"), "Y");
}

bool has_selinux(void)
{
	return has(file_text("/proc/filesystems"), "\tselinuxfs\n");
}

void need_apparmor(void)
{
	if (!has_apparmor())
		skip("this machine has no AppArmor");
	if (strcmp(shell("command -v apparmor_parser"), "") == 0)
		skip("apparmor_parser is not installed");
}

/* The parser gets the profile with another name. */
static void parse_profile(const char *mode, const char *profile)
{
	ck_assert_str_eq(shell("sed 's/^profile ten-steps /profile %s /' "
			       "%s | apparmor_parser --quiet "
			       "--skip-cache %s && echo done",
			       profile, PROFILE, mode),
			 "done");
}

char *load_profile(void)
{
	char *profile = text("ten-steps-test-%s",
			     chomp(file_text("/proc/sys/kernel/random/uuid")));

	ck_assert_msg(access(PROFILE, R_OK) == 0,
		      "%s: run the tests from the top of the kit", PROFILE);
	parse_profile("--add", profile);
	return profile;
}

void unload_profile(const char *profile)
{
	parse_profile("--remove", profile);
}

/* Its own label with other categories, or one of the policy's containers. */
char *usable_label(void)
{
	char *own = chomp(file_text("/proc/self/attr/current"));
	const char *level = ":s0:c1,c2";
	char *third = own;
	char *labels[3];

	if (!has_selinux())
		skip("this machine has no SELinux");
	for (int colon = 0; *third && colon < 3; third++)
		colon += *third == ':';
	labels[0] = text("%.*s%s", (int)(third - own) - 1, own, level);
	labels[1] = text("system_u:system_r:container_t%s", level);
	labels[2] = text("unconfined_u:unconfined_r:container_t%s", level);
	for (int i = 0; i < 3; i++)
		if (strcmp(shell("runcon %s cat /proc/self/attr/current "
				 "2>/dev/null | tr -d '\\0'",
				 labels[i]),
			   labels[i]) == 0)
			return labels[i];
	skip("this policy lets %s run nothing with another label", own);
}

/* Policies have types for containers since there are containers. */
void make_labelled(void)
{
	if (!has_selinux())
		skip("this machine has no SELinux");
	if (!has(file_text("/sys/fs/selinux/enforce"), "1"))
		skip("SELinux only warns here");
	if (!*shell("runcon " CONTAINER_LABEL " true 2>&1 | "
		    "grep -v 'nvalid' && echo known"))
		skip("this policy has no container_t");
	ck_assert_str_eq(
		shell("mkdir " LABELLED " && cd " LABELLED
		      " && mount -t tmpfs -o mode=755 tmpfs . && cd " LABELLED
		      " && cp -a %s/. . && echo x >mine && echo x >other && "
		      "chcon -R -t container_file_t -l s0:c1,c2 . && "
		      "chcon -l s0:c3 other && echo done",
		      rootfs()),
		"done");
}

void remove_labelled(void)
{
	shell("umount " LABELLED "; rmdir " LABELLED);
}
