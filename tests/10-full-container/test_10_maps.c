/* Stage 10: what a container with new users has, whatever their map. */
#include <stdlib.h>

#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define MAPS(lines) \
	", \"uidMappings\": [" lines "], \"gidMappings\": [" lines "]"
#define ALL "{\"containerID\": 0, \"hostID\": 0, \"size\": 4294967295}"
#define USERS \
	"[{\"type\": \"mount\"}, {\"type\": \"pid\"}, {\"type\": \"user\"}]"

/* Nobody is the machine's root by the map alone. */
START_TEST(users_who_are_all_the_hosts_are_new_ones)
{
	ck_assert_str_eq(oci_prints(&(struct config){
				 .namespaces = USERS,
				 .script = "echo $(cat /proc/self/uid_map); "
					   "echo x > /dev/null && echo works",
				 .linux_ = MAPS(ALL) }),
			 "0 0 4294967295\nworks\n");
}
END_TEST

static char *many_lines(int count)
{
	const char *lines = "";

	for (int i = 0; i < count; i++)
		lines = text("%s%s{\"containerID\": %d, \"hostID\": %d, "
			     "\"size\": 1}",
			     lines, i ? ", " : "", i, 1000 + i);
	return text(", \"uidMappings\": [%s], \"gidMappings\": [%s]", lines,
		    lines);
}

START_TEST(a_map_has_as_many_lines_as_the_kernel_takes)
{
	ck_assert_str_eq(oci_prints(&(struct config){
				 .namespaces = USERS,
				 .script = "cat /proc/self/uid_map | wc -l; "
					   "cat /proc/self/gid_map | wc -l",
				 .linux_ = many_lines(340) }),
			 "340\n340\n");
	oci_refuses_config(&(struct config){ .namespaces = USERS,
					     .linux_ = many_lines(341) },
			   "short enough: 340 lines");
}
END_TEST

START_TEST(a_parameter_of_new_users_can_be_set)
{
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.namespaces = USERS,
			.script = "cat /proc/sys/user/max_ipc_namespaces",
			.linux_ = ", \"sysctl\": {\"user.max_ipc_namespaces\": "
				  "\"9\"}" MAPS(ALL) }),
		"9\n");
}
END_TEST

/* The image's link leads to the image's file, and to none of the host. */
START_TEST(what_an_earlier_mount_brings_can_be_bound_by_new_users)
{
	struct result *r;

	oci_begin(&(struct config){ 0 });
	shell("cp -a %s /run/oci/image; mkdir -p /run/oci/volume/sub; echo "
	      "found > /run/oci/volume/sub/x; ln -s /etc /run/oci/volume/link",
	      rootfs());
	oci_write(&(struct config){
		.namespaces = USERS,
		.root = "{\"path\": \"/run/oci/image\"}",
		.script = "cat /second/x; echo /third/*",
		.linux_ = MAPS(ALL),
		.mounts = ", {\"destination\": \"/first\", \"type\": \"bind\", "
			  "\"source\": \"/run/oci/volume\", \"options\": "
			  "[\"rbind\"]}, {\"destination\": \"/second\", "
			  "\"type\": \"bind\", \"source\": "
			  "\"/run/oci/image/first/sub\", \"options\": "
			  "[\"bind\"]}, {\"destination\": \"/third\", "
			  "\"type\": \"bind\", \"source\": "
			  "\"/run/oci/image/first/link\", \"options\": "
			  "[\"bind\"]}" });
	r = OCI_RUN();
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(
		r->out, text("found\n%s\n",
			     shell("cd /run/oci/image/etc; for i in *; do echo "
				   "/third/$i; done | tr '\\n' ' ' | sed "
				   "'s/ $//'")));
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &users_who_are_all_the_hosts_are_new_ones },
	{ "safety", &a_map_has_as_many_lines_as_the_kernel_takes },
	{ "safety", &a_parameter_of_new_users_can_be_set },
	{ "safety", &what_an_earlier_mount_brings_can_be_bound_by_new_users },
	{ 0 },
};
