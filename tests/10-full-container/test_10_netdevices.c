/* Stage 10: network devices of the host that become the container's. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define SHOW "ip -o addr show; ip -o link show"

/* A cable whose ends are both on the host, with addresses of every kind. */
static void make_cable(void)
{
	if (strcmp(shell("ip link add ts-in mtu 1400 type veth peer name "
			 "ts-out 2>&1 && echo made"),
		   "made") != 0)
		skip("this machine makes no veth");
	shell("ip link set ts-in address 02:00:00:00:00:07 up; "
	      "ip link set ts-out up; "
	      "ip addr add 192.0.2.7/24 brd + dev ts-in; "
	      "ip addr add 192.0.2.8/32 dev ts-in; "
	      "ip addr add 192.0.2.9/24 dev ts-in valid_lft 1000 "
	      "preferred_lft 1000; "
	      "ip addr add 169.254.7.7/16 scope link dev ts-in; "
	      "ip addr add 2001:db8::7/64 dev ts-in nodad");
}

static void remove_cable(void)
{
	shell("ip link delete ts-out 2>/dev/null");
}

#define DEVICES(json) ", \"netDevices\": " json

START_TEST(a_device_moves_with_its_lasting_addresses)
{
	char *out;

	make_cable();
	out = oci_prints(&(struct config){
		.script = SHOW,
		.linux_ = DEVICES("{\"ts-in\": {\"name\": \"eth0\"}}") });
	ck_assert_msg(has(out, "eth0"), "%s", out);
	ck_assert_msg(!has(out, "ts-in"), "%s", out);
	ck_assert_msg(has(out, "inet 192.0.2.7/24 brd 192.0.2.255"), "%s", out);
	ck_assert_msg(has(out, "192.0.2.8/32"), "%s", out);
	ck_assert_msg(has(out, "2001:db8::7/64"), "%s", out);
	/* Not what is of the moment, or of the link. */
	ck_assert_msg(!has(out, "192.0.2.9"), "%s", out);
	ck_assert_msg(!has(out, "169.254.7.7"), "%s", out);
	ck_assert_msg(has(out, "mtu 1400") && has(out, "02:00:00:00:00:07"),
		      "%s", out);
	ck_assert_msg(has(out, ",UP"), "%s", out);
	/* With the container's network its end of the cable has gone. */
	ck_assert_str_eq(shell("ip -o link show ts-in 2>/dev/null"), "");
	remove_cable();
}
END_TEST

START_TEST(a_device_keeps_its_name_if_no_other_is_given)
{
	char *out;

	make_cable();
	out = oci_prints(&(struct config){ .script = SHOW,
					   .linux_ = DEVICES("{\"ts-in\": "
							     "{}}") });
	remove_cable();
	ck_assert_msg(has(out, "ts-in"), "%s", out);
}
END_TEST

START_TEST(a_template_lets_the_kernel_choose_the_number)
{
	char *out;

	make_cable();
	out = oci_prints(&(struct config){
		.script = SHOW,
		.linux_ = DEVICES("{\"ts-in\": {\"name\": \"box%d\"}, "
				  "\"ts-out\": {\"name\": \"box%d\"}}") });
	remove_cable();
	ck_assert_msg(has(out, "box0") && has(out, "box1"), "%s", out);
	ck_assert_msg(has(out, "192.0.2.7/24"), "%s", out);
}
END_TEST

/* The hooks for the network find it in its place. */
START_TEST(devices_are_there_when_the_hooks_run)
{
	make_cable();
	oci_begin(&(struct config){
		.script = "true",
		.linux_ = DEVICES("{\"ts-in\": {}}"),
		.top = ", \"hooks\": {\"createRuntime\": [{\"path\": "
		       "\"/bin/sh\", \"args\": [\"sh\", \"-c\", \"ip -o link "
		       "show ts-in > " OCI_SHARED
		       "/host; true\"], \"env\": [\"PATH=/sbin:/usr/sbin:/bin:"
		       "/usr/bin\"]}], \"createContainer\": [{\"path\": "
		       "\"/bin/sh\", \"args\": [\"sh\", \"-c\", \"ip -o link "
		       "show ts-in > " OCI_SHARED
		       "/box\"], \"env\": [\"PATH=/sbin:/usr/sbin:/bin:"
		       "/usr/bin\"]}]}" });
	struct result *r = OCI_RUN();

	remove_cable();
	ck_assert_msg(r->status == 0, "%s", r->err);
	ck_assert_str_eq(file_text(OCI_SHARED "/host"), "");
	ck_assert(has(file_text(OCI_SHARED "/box"), "ts-in"));
	oci_end();
}
END_TEST

/* What is made of software would go with the network of the container. */
START_TEST(after_a_failure_the_devices_are_the_hosts_again)
{
	char *before, *after;

	make_cable();
	before = shell("ip -o -4 addr show ts-in | grep -v -e 192.0.2.9 -e "
		       "169.254");
	oci_refuses_config(
		&(struct config){
			.linux_ = DEVICES("{\"ts-in\": {\"name\": \"eth0\"}}"),
			.top = ", \"hooks\": {\"createRuntime\": [{\"path\": "
			       "\"/bin/false\"}]}" },
		"/bin/false");
	after = shell("ip -o -4 addr show ts-in");
	ck_assert(has(shell("ip -o link show ts-in"), ",UP"));
	remove_cable();
	ck_assert_str_eq(after, before);
}
END_TEST

START_TEST(a_device_that_cannot_be_moved_is_named)
{
	static const char *const devices[][2] = {
		{ "{\"ts-none\": {}}",
		  "linux.netDevices.ts-none: there is no" },
		{ "{\"ts-in\": {\"name\": \"lo\"}}",
		  "linux.netDevices.ts-in: the container's network has a lo" },
		{ "{\"lo\": {\"name\": \"x\"}}", "linux.netDevices.lo: move" },
		{ "{\"ts-in\": {\"name\": \"a/b\"}}",
		  "linux.netDevices.ts-in.name" },
		{ "{\"ts-in\": {\"name\": \"a%sb\"}}",
		  "linux.netDevices.ts-in.name" },
		{ "{\"ts-in\": {\"name\": \"sixteen-bytes-it\"}}",
		  "linux.netDevices.ts-in.name" },
		{ "{\"ts-in\": 7}", "linux.netDevices.ts-in" },
		{ "{\"\": {}}", "linux.netDevices" },
		{ "[]", "linux.netDevices" },
	};

	make_cable();
	for (size_t i = 0; i < COUNT(devices); i++)
		oci_refuses_config(
			&(struct config){
				.linux_ = text(DEVICES("%s"), devices[i][0]) },
			devices[i][1]);
	oci_refuses_config(
		&(struct config){ .namespaces = "[{\"type\": \"mount\"}]",
				  .linux_ = DEVICES("{\"ts-in\": {}}") },
		"linux.netDevices");
	ck_assert(has(shell("ip -o -4 addr show ts-in"), "192.0.2.9"));
	remove_cable();
}
END_TEST

const struct test tests[] = {
	{ "safety", &a_device_moves_with_its_lasting_addresses },
	{ "safety", &a_device_keeps_its_name_if_no_other_is_given },
	{ "safety", &a_template_lets_the_kernel_choose_the_number },
	{ "safety", &devices_are_there_when_the_hooks_run },
	{ "safety", &after_a_failure_the_devices_are_the_hosts_again },
	{ "input", &a_device_that_cannot_be_moved_is_named },
	{ 0 },
};
