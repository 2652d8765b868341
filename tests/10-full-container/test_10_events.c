/* Stage 10: what a container uses, and that its memory is full. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

static const struct config limited = {
	.script = "echo ready; while read x; do tail /dev/zero; echo over; "
		  "done",
	.linux_ = ", \"resources\": {\"memory\": {\"limit\": 16777216, "
		  "\"swap\": 16777216}, \"pids\": {\"limit\": 50}}",
};

/* The number after a way of keys: "memory", "usage", "limit". */
static long long number(const char *json, const char *const way[])
{
	for (; *way; way++) {
		json = strstr(json, text("\"%s\":", *way));
		ck_assert_msg(json, "there is no %s", *way);
		json += strlen(*way) + 3;
	}
	return strtoll(json, NULL, 10);
}

START_TEST(stats_are_what_the_kernel_counts)
{
	static const char *const parts[] = { "\"cpu\":{\"usage\":{",
					     "\"throttling\":{",
					     "\"cpuset\":{",
					     "\"memory\":{",
					     "\"raw\":{",
					     "\"pids\":{",
					     "\"blkio\":{",
					     "\"hugetlb\":{",
					     "\"intel_rdt\":{",
					     "\"network_interfaces\":[" };
	struct running box;
	struct result *r;
	char *expected;

	oci_begin(&limited);
	box = oci_start(OCI_ID);
	r = OCI("events", "--stats", OCI_ID);
	ck_assert_msg(r->status == 0, "events: %s", r->err);
	expected = text("{\"type\":\"stats\",\"id\":\"%s\",\"data\":{", OCI_ID);
	ck_assert_msg(strncmp(r->out, expected, strlen(expected)) == 0, "%s",
		      r->out);
	ck_assert(strchr(r->out, '\n') == r->out + strlen(r->out) - 1);
	for (size_t i = 0; i < COUNT(parts); i++)
		ck_assert_msg(has(r->out, parts[i]), "no %s in %s", parts[i],
			      r->out);
	ck_assert_int_eq(number(r->out, WORDS("memory", "usage", "limit")),
			 16777216);
	ck_assert_int_gt(number(r->out, WORDS("memory", "usage", "usage")), 0);
	ck_assert_int_eq(number(r->out, WORDS("pids", "current")), 1);
	ck_assert_int_eq(number(r->out, WORDS("pids", "limit")), 50);
	ck_assert_int_gt(number(r->out, WORDS("cpu", "usage", "total")), 0);
	oci_delete(&box, OCI_ID);
	oci_end();
}
END_TEST

START_TEST(stats_follow_the_container)
{
	struct running box, events;
	char *line;
	long long before, after;
	pid_t pid;

	oci_begin(&(struct config){
		.script = "echo ready; while read x; do :; done" });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	events = start(NULL, WORDS("--root", OCI_STATES, "events", "--interval",
				   "1ms", OCI_ID));
	line = next_line(&events);
	ck_assert(has(line, "\"type\":\"stats\""));
	before = number(line, WORDS("cpu", "usage", "total"));
	do { /* each line that it reads takes some time */
		feed(&box, "x\n");
		line = next_line(&events);
		after = number(line, WORDS("cpu", "usage", "total"));
	} while (after <= before);
	oci_close(&box);
	oci_wait(pid);
	ck_assert_int_eq(finish(&events)->status, 0);
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	oci_end();
}
END_TEST

START_TEST(full_memory_is_an_event)
{
	struct running box, events;
	char *line;

	oci_begin(&limited);
	box = oci_start(OCI_ID);
	events = start(NULL, WORDS("--root", OCI_STATES, "events", "--interval",
				   "100ms", OCI_ID));
	next_line(&events); /* it watches by now */
	feed(&box, "go\n");
	do
		line = next_line(&events);
	while (has(line, "\"type\":\"stats\""));
	ck_assert_str_eq(chomp(line),
			 text("{\"type\":\"oom\",\"id\":\"%s\"}", OCI_ID));
	expect(&box, "over"); /* the shell lives */
	oci_delete(&box, OCI_ID);
	ck_assert_int_eq(finish(&events)->status, 0);
	oci_end();
}
END_TEST

/* The same readers, v1's files. */
START_TEST(the_same_where_only_cgroup_v1_is)
{
	struct running box;
	struct result *r;

	oci_begin(&limited);
	box = oci_start("hybrid");
	r = OCI_V1("events", "--stats", "hybrid");
	ck_assert_msg(r->status == 1 && has(r->err, "is not mounted here"),
		      "events: %s", r->err);
	oci_delete(&box, "hybrid");
	oci_write(&(struct config){ .script = "sleep 300",
				    .linux_ = limited.linux_ });
	r = OCI_V1("run", "--detach", "--bundle", OCI_BUNDLE, OCI_ID);
	ck_assert_msg(r->status == 0, "run: %s", r->err);
	r = OCI_V1("events", "--stats", OCI_ID);
	ck_assert_msg(r->status == 0, "events: %s", r->err);
	ck_assert_int_eq(number(r->err, WORDS("memory", "usage", "limit")),
			 16777216);
	ck_assert_int_eq(number(r->err, WORDS("pids", "limit")), 50);
	ck_assert_int_eq(OCI_V1("delete", "--force", OCI_ID)->status, 0);
	oci_end();
}
END_TEST

START_TEST(what_events_cannot_do_is_said)
{
	static const char *const bad[] = { "0s", "5",   "-1s",
					   "s",  "5 s", "1fort.",
					   "",   "5sx", "99999999999h" };
	struct running box;
	pid_t pid;

	oci_begin(&(struct config){ 0 });
	box = oci_start(OCI_ID);
	pid = oci_pid(OCI_ID);
	for (size_t i = 0; i < COUNT(bad); i++)
		oci_refuses(WORDS("--root", OCI_STATES, "events", "--interval",
				  bad[i], OCI_ID),
			    "option --interval");
	oci_close(&box);
	oci_wait(pid);
	oci_refuses(WORDS("--root", OCI_STATES, "events", OCI_ID),
		    "container not running: " OCI_ID " is stopped");
	oci_refuses(WORDS("--root", OCI_STATES, "events", "--stats", OCI_ID),
		    "container not running: " OCI_ID " is stopped");
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &stats_are_what_the_kernel_counts },
	{ "safety", &stats_follow_the_container },
	{ "safety", &full_memory_is_an_event },
	{ "safety", &the_same_where_only_cgroup_v1_is },
	{ "input", &what_events_cannot_do_is_said },
	{ 0 },
};
