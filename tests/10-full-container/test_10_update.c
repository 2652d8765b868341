/* Stage 10: other limits for a container that runs. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define UPDATE(...) OCI("update", __VA_ARGS__, OCI_ID)
#define NONE        "9223372036854771712" /* v1: no limit */

/* All that the tests here change has a limit from the beginning. */
static const struct config limited = {
	.linux_ = ", \"resources\": {\"memory\": {\"limit\": 67108864}, "
		  "\"pids\": {\"limit\": 50}, \"cpu\": {\"quota\": 20000, "
		  "\"period\": 50000, \"shares\": 512, \"cpus\": \"0\"}}",
};

static struct running box;
static pid_t first;

static void begin(const struct config *config)
{
	oci_begin(config);
	box = oci_start(OCI_ID);
	first = oci_pid(OCI_ID);
}

static void end(void)
{
	oci_delete(&box, OCI_ID);
	oci_end();
}

static char *memory(void)
{
	return oci_group_file(first, "memory.max", "memory",
			      "memory.limit_in_bytes");
}

static char *pids(void)
{
	return oci_group_file(first, "pids.max", "pids", "pids.max");
}

/* "QUOTA PERIOD", whichever layout. */
static char *cpu(void)
{
	if (!*shell("ls -d /sys/fs/cgroup/cpu 2> /dev/null"))
		return oci_group_file(first, "cpu.max", "cpu", "cpu.max");
	return text(
		"%s %s",
		oci_group_file(first, "cpu.max", "cpu", "cpu.cfs_quota_us"),
		oci_group_file(first, "cpu.max", "cpu", "cpu.cfs_period_us"));
}

static char *cpus(void)
{
	return oci_group_file(first, "cpuset.cpus", "cpuset", "cpuset.cpus");
}

static void fine(struct result *r)
{
	ck_assert_msg(r->status == 0, "update: %s", r->err);
	ck_assert_str_eq(r->out, "");
	ck_assert_str_eq(r->err, "");
}

/* As it was made. */
static void nothing_changed(void)
{
	ck_assert_str_eq(memory(), "67108864");
	ck_assert_str_eq(pids(), "50");
	ck_assert_str_eq(cpu(), "20000 50000");
	ck_assert_str_eq(cpus(), "0");
}

START_TEST(an_option_changes_its_limit_and_no_other)
{
	begin(&limited);
	nothing_changed();
	fine(UPDATE("--pids-limit", "77"));
	ck_assert_str_eq(pids(), "77");
	ck_assert_str_eq(memory(), "67108864");
	fine(UPDATE("--memory", "32M"));
	ck_assert_str_eq(memory(), "33554432");
	ck_assert_str_eq(pids(), "77");
	fine(UPDATE("--memory", "1GiB", "--pids-limit", "-1"));
	ck_assert_str_eq(memory(), "1073741824");
	ck_assert_str_eq(pids(), "max");
	ck_assert_str_eq(cpu(), "20000 50000");
	end();
}
END_TEST

/* The kernel keeps both in one file, or wants both to make sense. */
START_TEST(quota_and_period_can_be_changed_one_by_one)
{
	begin(&limited);
	fine(UPDATE("--cpu-quota", "10000"));
	ck_assert_str_eq(cpu(), "10000 50000");
	fine(UPDATE("--cpu-period", "100000"));
	ck_assert_str_eq(cpu(), "10000 100000");
	fine(UPDATE("--cpuset-cpus", "0", "--cpu-share", "256"));
	ck_assert_str_eq(cpu(), "10000 100000");
	end();
}
END_TEST

/* Swap is counted with memory: the sum stays what it was. */
START_TEST(the_sum_with_swap_stays_when_memory_changes)
{
	struct result *r;

	if (!*shell("ls /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes "
		    "2> /dev/null"))
		skip("no cgroup v1 that counts swap");
	begin(&(struct config){
		.linux_ = ", \"resources\": {\"memory\": {\"limit\": 67108864, "
			  "\"swap\": 134217728}}" });
	fine(UPDATE("--memory", "32M"));
	ck_assert_str_eq(memory(), "33554432");
	ck_assert_str_eq(oci_group_file(first, "none", "memory",
					"memory.memsw.limit_in_bytes"),
			 "134217728");
	r = UPDATE("--memory", "256M");
	ck_assert_int_eq(r->status, 1);
	ck_assert_msg(has(r->err, "update: memory.swap: 134217728 is not at "
				  "least memory.limit"),
		      "%s", r->err);
	ck_assert_str_eq(memory(), "33554432");
	fine(UPDATE("--memory", "256M", "--memory-swap", "512M"));
	ck_assert_str_eq(memory(), "268435456");
	fine(UPDATE("--memory", "-1"));
	ck_assert_str_eq(memory(), NONE);
	ck_assert_str_eq(oci_group_file(first, "none", "memory",
					"memory.memsw.limit_in_bytes"),
			 NONE);
	end();
}
END_TEST

/* Engines send whole structs; a 0 and an empty text are no values. */
START_TEST(a_file_has_what_engines_send)
{
	char *program = text("%s --root " OCI_STATES, program_under_test());

	begin(&limited);
	shell("echo '{\"memory\": {\"limit\": 33554432, \"swap\": 0}, "
	      "\"pids\": {}, \"cpu\": {\"quota\": 0, \"period\": "
	      "0, \"cpus\": \"\", \"mems\": \"\"}}' > /run/oci/new");
	fine(UPDATE("--resources", "/run/oci/new"));
	ck_assert_str_eq(memory(), "33554432");
	ck_assert_str_eq(pids(), "50");
	ck_assert_str_eq(cpu(), "20000 50000");
	ck_assert_str_eq(shell("echo '{\"pids\": {\"limit\": 12}}' | "
			       "%s update --resources - " OCI_ID " 2>&1",
			       program),
			 "");
	ck_assert_str_eq(pids(), "12");
	ck_assert_str_eq(memory(), "33554432");
	ck_assert_str_eq(shell("echo '{\"pids\": {\"limit\": 13}}' | "
			       "%s update -r - " OCI_ID " 2>&1",
			       program),
			 "");
	ck_assert_str_eq(pids(), "13");
	end();
}
END_TEST

START_TEST(bad_input_changes_nothing)
{
	static const struct {
		const char *input, *piece;
	} bad[] = {
		{ "{\"pids\": {\"limit\": 5}, \"memory\": {\"limit\": \"x\"}}",
		  "update: memory.limit: \"x\" is not" },
		{ "{\"pids\": {\"limit\": 5}, \"memory\": 7}",
		  "update: memory: 7 is not" },
		{ "{\"pids\": {\"limit\": 5}, \"cpu\": {\"quota\": 1.5}}",
		  "update: cpu.quota: 1.5 is not" },
		{ "{\"pids\": {\"limit\": 5}", "/run/oci/new" },
		{ "[1]", "/run/oci/new" },
		{ "", "/run/oci/new" },
		{ "{\"pids\": {\"limit\": 5}, \"pids\": {\"limit\": 6}}",
		  "duplicate" },
		{ "{\"pids\": {\"limit\": 5}, \"devices\": [{\"allow\": true, "
		  "\"access\": \"rwm\"}]}",
		  "the rules for devices cannot be changed" },
	};

	begin(&limited);
	for (size_t i = 0; i < COUNT(bad); i++) {
		shell("printf '%%s' '%s' > /run/oci/new", bad[i].input);
		oci_refuses(WORDS("--root", OCI_STATES, "update", "--resources",
				  "/run/oci/new", OCI_ID),
			    bad[i].piece);
		nothing_changed();
	}
	end();
}
END_TEST

START_TEST(bad_options_change_nothing)
{
	static const char *const bad[][2] = {
		{ "--memory", "32x" },      { "--memory", "M" },
		{ "--memory", "-1M" },      { "--memory", "8388608T" },
		{ "--pids-limit", "ten" },  { "--pids-limit", "5K" },
		{ "--cpu-quota", "1.5" },   { "--cpu-share", "" },
		{ "--blkio-weight", "0x5" }
	};

	begin(&limited);
	for (size_t i = 0; i < COUNT(bad); i++) {
		oci_refuses(WORDS("--root", OCI_STATES, "update",
				  "--cpuset-cpus", "0", bad[i][0], bad[i][1],
				  OCI_ID),
			    bad[i][0]);
		nothing_changed();
	}
	oci_refuses(WORDS("--root", OCI_STATES, "update", OCI_ID),
		    "nothing to change");
	oci_refuses(WORDS("--root", OCI_STATES, "update", "--resources",
			  "/run/oci/new", "--memory", "1G", OCI_ID),
		    "both --resources and single limits");
	oci_refuses(WORDS("--root", OCI_STATES, "update", "--resources",
			  "/none", OCI_ID),
		    "/none");
	end();
}
END_TEST

/* Two are in force when the kernel refuses the third. */
START_TEST(what_the_kernel_refuses_changes_nothing)
{
	struct result *r;

	begin(&limited);
	r = UPDATE("--memory", "32M", "--pids-limit", "20", "--cpu-quota",
		   "30000", "--cpuset-cpus", "4000");
	ck_assert_int_eq(r->status, 1);
	ck_assert_msg(has(r->err, "cpuset.cpus to \"4000\""), "%s", r->err);
	nothing_changed();
	r = UPDATE("--memory", "32M", "--cpu-period", "5");
	ck_assert_int_eq(r->status, 1);
	ck_assert_msg(has(r->err, "\"20000 5\""), "%s", r->err);
	nothing_changed();
	/* And nothing of it is remembered. */
	fine(UPDATE("--cpu-quota", "30000"));
	ck_assert_str_eq(cpu(), "30000 50000");
	ck_assert_str_eq(memory(), "67108864");
	end();
}
END_TEST

/* v1 has no group for a controller before it is needed, v2 no file. */
START_TEST(a_container_without_limits_can_get_some)
{
	struct result *r;

	begin(&(struct config){ 0 });
	r = UPDATE("--memory", "64M", "--pids-limit", "20");
	ck_assert_msg(r->status == 0, "update: %s", r->err);
	ck_assert_str_eq(memory(), "67108864");
	ck_assert_str_eq(pids(), "20");
	ck_assert_int_eq(OCI("exec", OCI_ID, "true")->status, 0);
	end();
}
END_TEST

START_TEST(what_a_new_limit_needs_is_undone_with_it)
{
	struct result *r;

	begin(&(struct config){ 0 });
	r = UPDATE("--memory", "64M", "--pids-limit", "20", "--cpu-period",
		   "5");
	ck_assert_int_eq(r->status, 1);
	ck_assert_msg(has(r->err, "cpu.period: "), "%s", r->err);
	ck_assert_str_ne(memory(), "67108864");
	ck_assert_str_ne(pids(), "20");
	end();
}
END_TEST

START_TEST(a_paused_container_can_be_updated_a_stopped_one_not)
{
	begin(&limited);
	ck_assert_int_eq(OCI("pause", OCI_ID)->status, 0);
	fine(UPDATE("--pids-limit", "60"));
	ck_assert_str_eq(pids(), "60");
	ck_assert_str_eq(oci_status(OCI_ID), "paused");
	ck_assert_int_eq(OCI("resume", OCI_ID)->status, 0);
	oci_close(&box);
	oci_wait(first);
	oci_refuses(WORDS("--root", OCI_STATES, "update", "--pids-limit", "5",
			  OCI_ID),
		    "container not running: " OCI_ID " is stopped");
	ck_assert_int_eq(OCI("delete", OCI_ID)->status, 0);
	oci_end();
}
END_TEST

/* Who adds an option adds a row: 10-full-container/group/limits.c. */
START_TEST(every_option_is_in_the_table_of_limits)
{
	const char *program = program_under_test();

	ck_assert_str_eq(
		shell("%s update --help | "
		      "sed -n 's/^ *--\\([a-z-]*\\) .*/\\1/p' | "
		      "while read -r option; do "
		      "%s --root " OCI_STATES " update --$option 1 "
		      "none >/run/said 2>&1; "
		      "grep -q 'container none does not exist' /run/said || "
		      "echo $option $? $(cat /run/said); done; "
		      "rm -f /run/said",
		      program, program),
		"");
}
END_TEST

const struct test tests[] = {
	{ "safety", &an_option_changes_its_limit_and_no_other },
	{ "safety", &quota_and_period_can_be_changed_one_by_one },
	{ "safety", &the_sum_with_swap_stays_when_memory_changes },
	{ "safety", &a_file_has_what_engines_send },
	{ "input", &every_option_is_in_the_table_of_limits },
	{ "input", &bad_input_changes_nothing },
	{ "input", &bad_options_change_nothing },
	{ "input", &what_the_kernel_refuses_changes_nothing },
	{ "safety", &a_container_without_limits_can_get_some },
	{ "input", &what_a_new_limit_needs_is_undone_with_it },
	{ "safety", &a_paused_container_can_be_updated_a_stopped_one_not },
	{ 0 },
};
