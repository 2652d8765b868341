/* Stage 10: what can be opened where nobody has said anything of devices. */
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/10-full-container/oci.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

/* /dev/kmsg stands for the disk: who is allowed to, opens it without harm. */
#define TRY_DEVICES                                            \
	"mknod /dev/log c 1 11 && echo made; "                 \
	"(: </dev/log) 2>/dev/null && echo opened; "           \
	"mknod /dev/again c 1 5 && head -c 1 /dev/again "      \
	">/dev/null && head -c 1 /dev/urandom > /dev/null && " \
	"echo standard"

#define CAPS                                                               \
	", \"capabilities\": {\"bounding\": [\"CAP_MKNOD\", "              \
	"\"CAP_SYSLOG\"], \"permitted\": [\"CAP_MKNOD\", \"CAP_SYSLOG\"]," \
	" \"effective\": [\"CAP_MKNOD\", \"CAP_SYSLOG\"]}"

START_TEST(without_rules_only_the_standard_devices_open)
{
	ck_assert_str_eq(oci_prints(&(struct config){ .script = TRY_DEVICES,
						      .process = CAPS }),
			 "made\nstandard\n");
}
END_TEST

START_TEST(an_empty_list_of_rules_is_none)
{
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = TRY_DEVICES,
			.process = CAPS,
			.linux_ = ", \"resources\": {\"devices\": []}" }),
		"made\nstandard\n");
}
END_TEST

START_TEST(the_same_where_only_cgroup_v1_is)
{
	struct result *r;

	oci_begin(&(struct config){ .script = TRY_DEVICES, .process = CAPS });
	r = OCI_V1("run", "--bundle", OCI_BUNDLE, OCI_ID);
	ck_assert_msg(strcmp(r->err, "made\nstandard\n") == 0, "%s", r->err);
	oci_end();
}
END_TEST

/* The node is not made inside: the image has had it all along. */
START_TEST(a_node_of_the_image_does_not_open_either)
{
	struct result *r;

	shell("mkdir -p /run/top; mknod /run/top/log c 1 11");
	r = RUN("--layer", rootfs(), "--layer", "/run/top", "--cap-add",
		"SYSLOG", "sh", "-c", ": </log");
	shell("rm -r /run/top");
	ck_assert_int_ne(r->status, 0);
	ck_assert_msg(has(r->err, "Operation not permitted"), "%s", r->err);
}
END_TEST

START_TEST(the_stages_options_open_no_device_of_the_host)
{
	struct result *r =
		RUN("--layer", rootfs(), "--cap-add", "SYSLOG", "sh", "-c",
		    "mknod /log c 1 11 && echo made; "
		    "(: </log) && echo opened; "
		    "head -c 1 /dev/zero >/dev/null && echo zero");

	ck_assert_str_eq(r->out, "made\nzero\n");
	ck_assert_int_eq(r->status, 0);
}
END_TEST

/* A VPN: runc and crun have had this one in their lists for long. */
START_TEST(a_tunnel_is_one_of_the_standard_devices)
{
	if (access("/sys/class/misc/tun", F_OK) != 0)
		skip("this kernel has no tun");
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "mkdir /dev/net; mknod /dev/net/tun c 10 "
				  "200; (: <>/dev/net/tun) && echo opened",
			.process = CAPS,
			.linux_ = ", \"resources\": {\"devices\": [{"
				  "\"allow\": false}]}" }),
		"opened\n");
}
END_TEST

/* Without the kernel's rules, nobody inside may make device files. */
static const struct manner no_rules = { .denied_call = SYS_bpf,
					.denied_error = 1 /* EPERM */ };

static void need_v2(void)
{
	if (!*shell("grep -m1 ' - cgroup2 ' /proc/self/mountinfo"))
		skip("only cgroup v2 has device rules by bpf(2)");
}

START_TEST(where_there_can_be_no_rules_no_device_is_made)
{
	struct result *r;

	need_v2();
	oci_begin(&(struct config){ .script = TRY_DEVICES, .process = CAPS });
	r = run(&no_rules, WORDS("--root", OCI_STATES, "run", "--bundle",
				 OCI_BUNDLE, OCI_ID));
	ck_assert_str_eq(r->out, "");
	if (own_program())
		ck_assert_msg(has(r->err, "note: there are no device rules "
					  "here: so CAP_MKNOD"),
			      "%s", r->err);
	oci_end();
}
END_TEST

#define IMAGE "/run/top"
#define USERS                                                   \
	", \"uidMappings\": [{\"containerID\": 0, \"hostID\": " \
	"100000, \"size\": 10}], \"gidMappings\": [{"           \
	"\"containerID\": 0, \"hostID\": 100000, \"size\": 10}]"

/* What the image has brought takes no CAP_MKNOD. */
static char *with_node_in_image(const struct config *config)
{
	struct config whole = *config;
	struct result *r;

	need_v2();
	shell("cp -a %s " IMAGE "; mkdir -p " IMAGE "/mnt; "
	      "mknod -m 666 " IMAGE "/log c 1 11; "
	      "mknod -m 666 " IMAGE "/own c 1 5; "
	      "chown -R 100000:100000 " IMAGE,
	      rootfs());
	whole.root = "{\"path\": \"" IMAGE "\"}";
	whole.process = CAPS;
	oci_begin(&whole);
	if (config->top) /* no mount on /dev: the image's own */
		shell("sed -i '/\"\\/dev\"/d' " OCI_BUNDLE "/config.json");
	r = run(&no_rules, WORDS("--root", OCI_STATES, "run", "--bundle",
				 OCI_BUNDLE, OCI_ID));
	ck_assert_msg(r->status == 0, "%s", r->err);
	oci_end();
	shell("rm -r " IMAGE);
	return r->out;
}

#define TRY_NODE                                                             \
	"for i in /log /own; do (: < $i) 2>/dev/null && echo opened; done; " \
	"head -c 1 /dev/zero > /dev/null && echo zero; "                     \
	"ls -l /dev/null | cut -c 1"

START_TEST(where_there_can_be_none_a_node_of_the_image_does_not_open)
{
	ck_assert_str_eq(
		with_node_in_image(&(struct config){ .script = TRY_NODE }),
		"zero\nc\n");
}
END_TEST

START_TEST(nor_in_a_user_namespace)
{
	ck_assert_str_eq(
		with_node_in_image(&(struct config){
			.script = TRY_NODE,
			.namespaces = "[{\"type\": \"pid\"}, {\"type\": "
				      "\"mount\"}, {\"type\": \"network\"}, "
				      "{\"type\": \"user\"}]",
			.linux_ = USERS }),
		"zero\nc\n");
}
END_TEST

START_TEST(its_own_dev_is_bound_then)
{
	ck_assert_str_eq(
		with_node_in_image(&(struct config){
			.script = TRY_NODE, .top = ", \"annotations\": {}" }),
		"zero\nc\n");
}
END_TEST

START_TEST(the_same_by_the_stages_options)
{
	struct result *r;

	need_v2();
	r = run(&no_rules,
		WORDS("--layer", rootfs(), "mknod", "/log", "c", "1", "11"));
	ck_assert_int_eq(r->status, 1);
	if (own_program())
		ck_assert_msg(has(r->err, "so CAP_MKNOD is taken away"), "%s",
			      r->err);
}
END_TEST

START_TEST(rules_that_were_asked_for_are_no_option)
{
	struct result *r;

	need_v2();
	oci_begin(&(struct config){
		.linux_ = ", \"resources\": {\"devices\": [{\"allow\": "
			  "false}]}" });
	r = run(&no_rules, WORDS("--root", OCI_STATES, "run", "--bundle",
				 OCI_BUNDLE, OCI_ID));
	ck_assert_int_eq(r->status, 1);
	if (own_program())
		ck_assert_msg(has(r->err, "load the device rules (eBPF)"), "%s",
			      r->err);
	oci_end();
}
END_TEST

/* What the first process may not, a further one may not either. */
START_TEST(exec_makes_no_device_where_there_are_no_rules)
{
	struct running box;
	struct result *r;
	int status;

	need_v2();
	oci_begin(&(struct config){ .process = CAPS });
	box = start(&no_rules, WORDS("--root", OCI_STATES, "create", "--bundle",
				     OCI_BUNDLE, OCI_ID));
	ck_assert_int_eq(waitpid(box.pid, &status, 0), box.pid);
	ck_assert_int_eq(status, 0);
	r = OCI("exec", "--cap", "CAP_MKNOD", OCI_ID, "mknod", "/dev/log", "c",
		"1", "11");
	ck_assert_int_eq(r->status, 1);
	ck_assert_int_eq(OCI("start", OCI_ID)->status, 0);
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(an_ordinary_user_needs_no_rules)
{
	static const struct manner manner = { .ordinary_user = true };
	struct result *r = run(&manner, WORDS("--userns", "true"));

	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(r->err, "");
}
END_TEST

const struct test tests[] = {
	{ "safety", &without_rules_only_the_standard_devices_open },
	{ "safety", &an_empty_list_of_rules_is_none },
	{ "safety", &the_same_where_only_cgroup_v1_is },
	{ "safety", &a_node_of_the_image_does_not_open_either },
	{ "safety", &the_stages_options_open_no_device_of_the_host },
	{ "safety", &a_tunnel_is_one_of_the_standard_devices },
	{ "safety", &where_there_can_be_no_rules_no_device_is_made },
	{ "safety",
	  &where_there_can_be_none_a_node_of_the_image_does_not_open },
	{ "safety", &nor_in_a_user_namespace },
	{ "safety", &its_own_dev_is_bound_then },
	{ "safety", &the_same_by_the_stages_options },
	{ "safety", &rules_that_were_asked_for_are_no_option },
	{ "safety", &exec_makes_no_device_where_there_are_no_rules },
	{ "safety", &an_ordinary_user_needs_no_rules },
	{ 0 },
};
