/* Stage 10: devices, kernel parameters, and what /proc is told. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define DEVICE(path, type, rest) \
	"{\"path\": \"" path "\", \"type\": \"" type "\"" rest "}"
#define NUMBER(major, minor) ", \"major\": " major ", \"minor\": " minor

static const char char_type[] =
	DEVICE("/dev/char", "c",
	       NUMBER("1", "3") ", \"fileMode\": 416, \"uid\": 7, \"gid\": 8");
static const char also_type[] = DEVICE("/dev/also", "u", NUMBER("1", "5"));
static const char block_type[] =
	DEVICE("/dev/block", "b", NUMBER("7", "300") ", \"fileMode\": 25008");
static const char pipe_type[] =
	DEVICE("/dev/sub/pipe", "p", ", \"fileMode\": 384, \"uid\": 9");

START_TEST(a_device_is_of_every_type_with_its_mode_and_owner)
{
	char *out = oci_prints(&(struct config){
		.script = "cd /dev; stat -c '%n %F %t,%T %a %u:%g' char also "
			  "block sub/pipe",
		.linux_ = text(", \"devices\": [%s, %s, %s, %s]", char_type,
			       also_type, block_type, pipe_type) });

	ck_assert_str_eq(out, "char character special file 1,3 640 7:8\n"
			      "also character special file 1,5 666 0:0\n"
			      "block block special file 7,12c 660 0:0\n"
			      "sub/pipe fifo 0,0 600 9:0\n");
}
END_TEST

/* What config.json says about one of the six counts, not the default. */
START_TEST(a_standard_device_can_have_another_mode)
{
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "stat -c '%a %u' /dev/null /dev/zero",
			.linux_ = ", \"devices\": [" DEVICE(
				"/dev/null", "c",
				NUMBER("1", "3") ", \"fileMode\": 432, "
						 "\"uid\": 5") "]" }),
		"660 5\n666 0\n");
}
END_TEST

START_TEST(another_file_in_the_place_of_a_device_is_an_error)
{
	shell("mkdir -p /run/dev; touch /run/dev/mine");
	oci_refuses_config(
		&(struct config){
			.mounts = ", {\"destination\": \"/tmp\", \"source\": "
				  "\"/run/dev\", \"options\": [\"bind\"]}",
			.linux_ = ", \"devices\": [" DEVICE(
				"/tmp/mine", "c", NUMBER("1", "3")) "]" },
		"/tmp/mine");
	ck_assert_int_eq(access("/run/dev/mine", F_OK), 0);
	shell("rm -r /run/dev");
}
END_TEST

START_TEST(a_device_that_cannot_be_is_named)
{
	static const char *const devices[][2] = {
		{ DEVICE("/dev/x", "c", ""), "linux.devices[0].major" },
		{ DEVICE("/dev/x", "b", ", \"major\": 1"),
		  "linux.devices[0].minor" },
		{ DEVICE("dev/x", "p", ""), "linux.devices[0].path" },
		{ DEVICE("/dev/x", "c", NUMBER("4096", "1")),
		  "linux.devices[0].major" },
		{ DEVICE("/dev/x", "p", ", \"fileMode\": -1"),
		  "linux.devices[0].fileMode" },
		{ DEVICE("/dev/x", "p", ", \"uid\": \"root\""),
		  "linux.devices[0].uid" },
	};

	for (size_t i = 0; i < COUNT(devices); i++)
		oci_refuses_config(
			&(struct config){ .linux_ = text(", \"devices\": [%s]",
							 devices[i][0]) },
			devices[i][1]);
}
END_TEST

START_TEST(the_parameters_of_every_namespace_can_be_set)
{
	char *before = shell("cat /proc/sys/kernel/sem "
			     "/proc/sys/fs/mqueue/msg_max "
			     "/proc/sys/net/ipv4/ip_default_ttl; hostname");

	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "cat /proc/sys/kernel/domainname "
				  "/proc/sys/kernel/msgmnb "
				  "/proc/sys/fs/mqueue/msg_max "
				  "/proc/sys/net/ipv4/ip_default_ttl",
			.linux_ = ", \"sysctl\": {\"kernel.domainname\": "
				  "\"d\", \"kernel.msgmnb\": \"12345\", "
				  "\"fs/mqueue/msg_max\": \"7\", "
				  "\"net.ipv4.ip_default_ttl\": \"33\"}" }),
		"d\n12345\n7\n33\n");
	ck_assert_str_eq(shell("cat /proc/sys/kernel/sem "
			       "/proc/sys/fs/mqueue/msg_max "
			       "/proc/sys/net/ipv4/ip_default_ttl; hostname"),
			 before);
}
END_TEST

START_TEST(a_parameter_of_the_machine_is_refused)
{
	static const char *const names[] = {
		"kernel.panic",   "vm.swappiness", "kernel.core_pattern",
		"fs.file-max",    "no.such",       "net..x",
		"net.ipv4.no_xy", "kernel/panic",  "net/../kernel/panic",
	};

	for (size_t i = 0; i < COUNT(names); i++)
		oci_refuses_config(
			&(struct config){ .linux_ = text(", \"sysctl\": "
							 "{\"%s\": \"1\"}",
							 names[i]) },
			names[i]);
	oci_refuses_config(
		&(struct config){ .namespaces = "[{\"type\": \"mount\"}]",
				  .linux_ = ", \"sysctl\": "
					    "{\"net.ipv4.ip_forward\": "
					    "\"1\"}" },
		"linux.sysctl.net.ipv4.ip_forward");
	oci_refuses_config(
		&(struct config){ .linux_ = ", \"sysctl\": {\"kernel.hostname\""
					    ": \"x\"}" },
		"the member hostname");
	oci_refuses_config(
		&(struct config){ .linux_ = ", \"sysctl\": "
					    "{\"user.max_ipc_namespaces\": "
					    "\"9\"}" },
		"without a namespace of its own");
}
END_TEST

START_TEST(the_score_for_the_killer_in_a_user_namespace)
{
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "cat /proc/self/oom_score_adj; cat "
				  "/proc/sys/net/ipv4/ip_default_ttl",
			.process = ", \"oomScoreAdj\": 500",
			.namespaces = "[{\"type\": \"mount\"}, {\"type\": "
				      "\"pid\"}, {\"type\": \"network\"}, "
				      "{\"type\": \"user\"}]",
			.linux_ = ", \"sysctl\": {\"net.ipv4.ip_default_ttl\""
				  ": \"44\"}, \"uidMappings\": "
				  "[{\"containerID\": 0, \"hostID\": 100000, "
				  "\"size\": 10}], \"gidMappings\": "
				  "[{\"containerID\": 0, \"hostID\": 100000, "
				  "\"size\": 10}]" }),
		"500\n44\n");
}
END_TEST

/* Who is in a user namespace may not, so the runtime has to. */
START_TEST(a_lower_score_in_a_user_namespace)
{
	if (prctl(PR_CAPBSET_READ, CAP_SYS_RESOURCE) != 1)
		skip("root has no CAP_SYS_RESOURCE here");
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "cat /proc/self/oom_score_adj",
			.process = ", \"oomScoreAdj\": -5",
			.namespaces = "[{\"type\": \"mount\"}, {\"type\": "
				      "\"pid\"}, {\"type\": \"user\"}]",
			.linux_ = ", \"uidMappings\": [{\"containerID\": 0, "
				  "\"hostID\": 100000, \"size\": 10}], "
				  "\"gidMappings\": [{\"containerID\": 0, "
				  "\"hostID\": 100000, \"size\": 10}]" }),
		"-5\n");
}
END_TEST

START_TEST(a_lower_score_without_the_right_to_it)
{
	prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE);
	oci_refuses_config(&(struct config){ .process = ", \"oomScoreAdj\": "
							"-5" },
			   "takes CAP_SYS_RESOURCE");
}
END_TEST

START_TEST(paths_to_hide_and_to_protect_are_absolute)
{
	oci_refuses_config(&(struct config){ .linux_ = ", \"maskedPaths\": "
						       "[\"/a\", \"proc\"]" },
			   "linux.maskedPaths[1]: \"proc\" is not an absolute");
	oci_refuses_config(&(struct config){ .linux_ = ", \"readonlyPaths\": "
						       "[\"\"]" },
			   "linux.readonlyPaths[0]");
}
END_TEST

#define VOLUME(place)                                                  \
	", {\"destination\": \"" place "\", \"source\": \"" OCI_SHARED \
	"\", \"options\": [\"rbind\"]}"

/* Of two mounts on /dev the volume is on top. */
START_TEST(no_devices_are_made_in_a_volume_over_dev)
{
	oci_begin(&(struct config){
		.script = "true",
		.mounts = VOLUME("/dev"),
		.linux_ = ", \"devices\": [{\"path\": \"/dev/disk\", \"type\": "
			  "\"b\", \"major\": 259, \"minor\": 0}]" });
	ck_assert_int_eq(OCI_RUN()->status, 0);
	ck_assert_str_eq(shell("ls " OCI_SHARED), "");
	oci_end();
}
END_TEST

/* In a user namespace devices are bound, and a mount can go anywhere. */
START_TEST(a_link_does_not_lead_a_device_over_a_file_of_proc)
{
	oci_begin(&(struct config){ 0 });
	shell("ln -s /proc/sys/kernel/hostname " OCI_SHARED "/ptmx");
	oci_write(&(struct config){
		.mounts = VOLUME("/dev/pts"),
		.namespaces = "[{\"type\": \"mount\"}, {\"type\": "
			      "\"pid\"}, {\"type\": \"user\"}]",
		.linux_ = ", \"devices\": [{\"path\": \"/dev/pts/ptmx"
			  "\", \"type\": \"c\", \"major\": 5, "
			  "\"minor\": 2}], \"uidMappings\": "
			  "[{\"containerID\": 0, \"hostID\": 100000, "
			  "\"size\": 10}], \"gidMappings\": "
			  "[{\"containerID\": 0, \"hostID\": 100000, "
			  "\"size\": 10}]" });
	oci_refuses(WORDS("--root", OCI_STATES, "run", "--bundle", OCI_BUNDLE,
			  OCI_ID),
		    "bind the device /dev/pts/ptmx");
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &no_devices_are_made_in_a_volume_over_dev },
	{ "safety", &a_link_does_not_lead_a_device_over_a_file_of_proc },
	{ "safety", &a_device_is_of_every_type_with_its_mode_and_owner },
	{ "safety", &a_standard_device_can_have_another_mode },
	{ "safety", &another_file_in_the_place_of_a_device_is_an_error },
	{ "input", &a_device_that_cannot_be_is_named },
	{ "safety", &the_parameters_of_every_namespace_can_be_set },
	{ "input", &a_parameter_of_the_machine_is_refused },
	{ "safety", &the_score_for_the_killer_in_a_user_namespace },
	{ "safety", &a_lower_score_in_a_user_namespace },
	{ "safety", &a_lower_score_without_the_right_to_it },
	{ "input", &paths_to_hide_and_to_protect_are_absolute },
	{ 0 },
};
