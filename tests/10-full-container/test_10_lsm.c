/* Stage 10: profiles and labels, where the machine has such a module. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/10-full-container/oci.h"
#include "tests/runner/lsm.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define ALL_FIVE                                                      \
	", \"capabilities\": {\"bounding\": [\"CAP_DAC_OVERRIDE\"], " \
	"\"permitted\": [\"CAP_DAC_OVERRIDE\"], \"effective\": "      \
	"[\"CAP_DAC_OVERRIDE\"]}"

/* exec with a process of its own, that has this member. */
static struct result *exec_with(const char *member)
{
	shell("echo '{\"cwd\": \"/\", \"env\": [\"PATH=/bin\"], \"args\": "
	      "[\"cat\", \"/proc/self/attr/current\"]%s}' > "
	      "/run/oci/process.json",
	      member);
	return OCI("exec", "--process", "/run/oci/process.json", OCI_ID);
}

START_TEST(a_profile_is_that_of_the_program_and_of_exec)
{
	struct result *inside, *named, *bare;
	struct running box;
	char *profile, *first, *second;

	need_apparmor();
	oci_begin(&(struct config){ 0 });
	profile = load_profile();
	oci_write(&(struct config){
		.script = "cat /proc/self/attr/current; touch /etc/x || echo "
			  "denied; read x",
		.process = text(ALL_FIVE ", \"apparmorProfile\": \"%s\"",
				profile) });
	box = oci_create(OCI_ID);
	OCI("start", OCI_ID);
	first = next_line(&box);
	second = next_line(&box);
	inside = OCI("exec", OCI_ID, "cat", "/proc/self/attr/current");
	named = exec_with(text(", \"apparmorProfile\": \"%s\"", profile));
	bare = exec_with("");
	OCI("delete", "--force", OCI_ID);
	oci_close(&box);
	unload_profile(profile);
	oci_end();
	ck_assert_str_eq(first, text("%s (enforce)", profile));
	ck_assert_str_eq(second, "denied");
	ck_assert_str_eq(inside->out, text("%s (enforce)\n", profile));
	ck_assert_str_eq(named->out, text("%s (enforce)\n", profile));
	ck_assert_str_eq(bare->out, "unconfined\n");
}
END_TEST

START_TEST(a_profile_that_is_not_loaded_fails_the_start)
{
	need_apparmor();
	oci_refuses_config(&(struct config){ .process =
						     ", \"apparmorProfile\": "
						     "\"no-such-profile\"" },
			   "choose the AppArmor profile no-such-profile");
}
END_TEST

START_TEST(a_label_is_that_of_the_program)
{
	char *label = usable_label();

	/* It ends with a zero byte, which ends the text as well. */
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "exec cat /proc/self/attr/current",
			.process = text(", \"selinuxLabel\": \"%s\"", label) }),
		label);
}
END_TEST

START_TEST(files_of_new_mounts_have_the_label_for_mounts)
{
	static const char label[] = "system_u:object_r:tmp_t:s0:c1,c2";
	char *out;

	if (!has_selinux())
		skip("this machine has no SELinux");
	out = oci_prints(&(struct config){
		.script = "grep -e ' /tmp ' -e ' /proc ' /proc/mounts",
		.mounts = ", {\"destination\": \"/tmp\", \"type\": \"tmpfs\"}",
		.linux_ = text(", \"mountLabel\": \"%s\"", label) });
	ck_assert_msg(has(out, text("context=\"%s\"", label)) ||
			      has(out, text("context=%s", label)),
		      "%s", out);
}
END_TEST

/* The exit status of a container whose /tmp has this level. */
static int status_with(const char *level)
{
	struct result *r;

	oci_begin(&(struct config){
		.root = "{\"path\": \"" LABELLED "\"}",
		.script = "read x </mine || exit 1; read x </other && exit 2; "
			  "echo x >/tmp/x || exit 3",
		.mounts = ", {\"destination\": \"/tmp\", \"type\": \"tmpfs\"}",
		.process = ", \"selinuxLabel\": \"" CONTAINER_LABEL "\"",
		.linux_ = text(", \"mountLabel\": "
			       "\"system_u:object_r:container_file_t:%s\"",
			       level) });
	r = OCI_RUN();
	oci_end();
	return r->status;
}

START_TEST(the_labels_of_files_and_of_mounts_forbid_what_root_may)
{
	int own, other;

	make_labelled();
	own = status_with("s0:c1,c2");
	other = status_with("s0:c3");
	remove_labelled();
	ck_assert_int_eq(own, 0);
	ck_assert_int_eq(other, 3);
}
END_TEST

START_TEST(a_module_that_the_machine_lacks_is_named_with_its_member)
{
	static const char no_selinux[] =
		"\"a:b:c:s0\" is not possible: this machine has no SELinux";

	if (!has_apparmor())
		oci_refuses_config(
			&(struct config){ .process = ", \"apparmorProfile\": "
						     "\"box\"" },
			"process.apparmorProfile: \"box\" is not possible: "
			"this machine has no AppArmor");
	if (!has_selinux()) {
		oci_refuses_config(
			&(struct config){ .process = ", \"selinuxLabel\": "
						     "\"a:b:c:s0\"" },
			text("process.selinuxLabel: %s", no_selinux));
		oci_refuses_config(
			&(struct config){ .linux_ = ", \"mountLabel\": "
						    "\"a:b:c:s0\"" },
			text("linux.mountLabel: %s", no_selinux));
	}
	/* An empty name asks for nothing. */
	ck_assert_str_eq(oci_prints(&(struct config){
				 .script = "echo runs",
				 .process = ", \"apparmorProfile\": \"\", "
					    "\"selinuxLabel\": \"\"",
				 .linux_ = ", \"mountLabel\": \"\"" }),
			 "runs\n");
}
END_TEST

START_TEST(spec_writes_a_profile_and_a_label)
{
	struct result *r;

	shell("mkdir -p /run/oci/new");
	r = OCI("spec", "--bundle", "/run/oci/new", "--apparmor", "mine",
		"--selinux", "a:b:c:s0", "true");
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert(has(file_text("/run/oci/new/config.json"),
		      "\"apparmorProfile\": \"mine\""));
	ck_assert(has(file_text("/run/oci/new/config.json"),
		      "\"selinuxLabel\": \"a:b:c:s0\""));
	shell("rm -r /run/oci");
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_profile_is_that_of_the_program_and_of_exec },
	{ "input", &a_profile_that_is_not_loaded_fails_the_start },
	{ "safety", &a_label_is_that_of_the_program },
	{ "safety", &files_of_new_mounts_have_the_label_for_mounts },
	{ "safety", &the_labels_of_files_and_of_mounts_forbid_what_root_may },
	{ "input", &a_module_that_the_machine_lacks_is_named_with_its_member },
	{ "safety", &spec_writes_a_profile_and_a_label },
	{ 0 },
};
