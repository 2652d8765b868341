/* Stage 10: limits on the cpu that depend on each other. */
#include <stdlib.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define RESOURCES(json) ", \"resources\": {" json "}"
#define CPU(json)       RESOURCES("\"cpu\": {" json "}")

static struct running box;
static pid_t first;

static bool is_v1(void)
{
	return access("/sys/fs/cgroup/cpu/cpu.shares", F_OK) == 0 ||
	       access("/sys/fs/cgroup/cpu/tasks", F_OK) == 0;
}

static void need_cpu(void)
{
	if (!is_v1() &&
	    !has(shell("cat /sys/fs/cgroup/cgroup.controllers"), "cpu"))
		skip("no tree has the cpu controller");
}

static void begin(const char *linux_)
{
	oci_begin(&(struct config){ .linux_ = linux_ });
	box = oci_start(OCI_ID);
	first = oci_pid(OCI_ID);
}

static void end(void)
{
	oci_delete(&box, OCI_ID);
	oci_end();
}

/* A file of v2, or else one of v1. */
static char *group_file(const char *v2, const char *v1)
{
	return oci_group_file(first, v2, "cpu", v1);
}

/* "QUOTA PERIOD", whichever layout; v1 has a -1 for max. */
static char *quota(void)
{
	if (!is_v1())
		return group_file("cpu.max", "");
	return text("%s %s", group_file("cpu.max", "cpu.cfs_quota_us"),
		    group_file("cpu.max", "cpu.cfs_period_us"));
}

static void update(const char *json)
{
	struct result *r;

	shell("echo '{\"cpu\": {%s}}' >" OCI_SHARED "/new", json);
	r = OCI("update", "--resources", OCI_SHARED "/new", OCI_ID);
	shell("rm " OCI_SHARED "/new");
	ck_assert_msg(r->status == 0, "%s: %s", json, r->err);
}

/* Both ends and the default of either scale are the same, as in runc 1.3.2. */
static const struct {
	const char *shares, *weight;
} scales[] = {
	{ "2", "1" },    { "1024", "100" }, { "262144", "10000" },
	{ "521", "59" }, { "305", "39" },
};

START_TEST(shares_and_weights_are_on_one_curve)
{
	need_cpu();
	for (size_t i = 0; i < COUNT(scales); i++) {
		const char *shares = scales[i].shares,
			   *weight = scales[i].weight;

		begin(text(CPU("\"shares\": %s"), shares));
		ck_assert_str_eq(group_file("cpu.weight", "cpu.shares"),
				 is_v1() ? shares : weight);
		end();
		if (!is_v1())
			continue;
		begin(text(RESOURCES("\"unified\": {\"cpu.weight\": \"%s\"}"),
			   weight));
		ck_assert_str_eq(group_file("cpu.weight", "cpu.shares"),
				 shares);
		end();
	}
}
END_TEST

START_TEST(what_is_idle_can_be_awake_again)
{
	need_cpu();
	begin(CPU("\"shares\": 2048"));
	if (!*group_file("cpu.idle", "cpu.idle")) {
		end();
		skip("cpu.idle needs Linux 5.15");
	}
	for (int i = 0; i < 2; i++) {
		update("\"idle\": 1");
		ck_assert_str_eq(group_file("cpu.idle", "cpu.idle"), "1");
		update("\"quota\": 50000");
		update("\"idle\": 0");
		ck_assert_str_eq(group_file("cpu.idle", "cpu.idle"), "0");
		ck_assert_str_eq(group_file("cpu.weight", "cpu.shares"),
				 is_v1() ? "2048" : "174");
	}
	end();
}
END_TEST

/* With the old half of a pair the new one is more than the group above has. */
static const struct {
	const char *json, *v2, *v1;
} quotas[] = {
	{ "\"quota\": 5000, \"period\": 10000", "5000 10000", NULL },
	{ "\"quota\": 100000, \"period\": 200000", "100000 200000", NULL },
	{ "\"quota\": 1000, \"period\": 2000", "1000 2000", NULL },
	{ "\"quota\": -1, \"period\": 100000", "max 100000", "-1 100000" },
	{ "\"quota\": 50000, \"period\": 100000", "50000 100000", NULL },
	{ "\"quota\": -1, \"period\": 5000", "max 5000", "-1 5000" },
};

START_TEST(quota_and_period_change_together_in_both_directions)
{
	need_cpu();
	oci_begin(&(struct config){ .linux_ = ", \"cgroupsPath\": "
					      "\"/half/one\"" });
	shell("cd /sys/fs/cgroup/cpu || cd /sys/fs/cgroup; mkdir half; echo "
	      "50000 >half/cpu.cfs_quota_us || { echo +cpu "
	      ">cgroup.subtree_control; echo 50000 100000 >half/cpu.max; }");
	begin(CPU("\"quota\": 50000, \"period\": 100000") ", "
							  "\"cgroupsPath\": "
							  "\"/half/one\"");
	for (size_t i = 0; i < COUNT(quotas); i++) {
		update(quotas[i].json);
		ck_assert_str_eq(quota(), is_v1() && quotas[i].v1
						  ? quotas[i].v1
						  : quotas[i].v2);
	}
	end();
	shell("rmdir /sys/fs/cgroup/half /sys/fs/cgroup/*/half");
}
END_TEST

START_TEST(a_burst_and_its_quota_change_together_in_both_directions)
{
	need_cpu();
	begin(CPU("\"quota\": 50000, \"burst\": 50000"));
	update("\"quota\": 20000, \"burst\": 10000");
	ck_assert_str_eq(group_file("cpu.max.burst", "cpu.cfs_burst_us"),
			 "10000");
	update("\"quota\": 80000, \"burst\": 80000");
	ck_assert_str_eq(group_file("cpu.max.burst", "cpu.cfs_burst_us"),
			 "80000");
	end();
}
END_TEST

static char *real_time(void)
{
	return text("%s %s", group_file("cpu.max", "cpu.rt_runtime_us"),
		    group_file("cpu.max", "cpu.rt_period_us"));
}

/* A new group has none, and so the kit's own above it gets some first. */
START_TEST(real_time_needs_no_path_and_changes_in_both_directions)
{
	struct running other;

	if (!is_v1() ||
	    *shell("cd /sys/fs/cgroup/cpu; echo 600000 >cpu.rt_runtime_us || "
		   "echo no"))
		skip("there is no real time for groups here");
	begin(CPU("\"realtimeRuntime\": 100000, \"realtimePeriod\": 500000"));
	ck_assert_str_eq(real_time(), "100000 500000");
	other = oci_start("other");
	ck_assert_str_eq(
		shell("cat /sys/fs/cgroup/cpu/ten-steps/cpu.rt_runtime_us"),
		"400000");
	update("\"realtimeRuntime\": 20000, \"realtimePeriod\": 50000");
	ck_assert_str_eq(real_time(), "20000 50000");
	update("\"realtimeRuntime\": 400000, \"realtimePeriod\": 1000000");
	ck_assert_str_eq(real_time(), "400000 1000000");
	oci_delete(&other, "other");
	end();
	begin(CPU("\"realtimeRuntime\": 300000") ", \"cgroupsPath\": "
						 "\"/a/b/c\"");
	ck_assert_str_eq(real_time(), "300000 1000000");
	end();
	shell("rmdir /sys/fs/cgroup/*/a/b /sys/fs/cgroup/*/a; echo 0 "
	      ">/sys/fs/cgroup/cpu/cpu.rt_runtime_us");
}
END_TEST

const struct test tests[] = {
	{ "safety", &shares_and_weights_are_on_one_curve },
	{ "safety", &what_is_idle_can_be_awake_again },
	{ "safety", &quota_and_period_change_together_in_both_directions },
	{ "safety", &a_burst_and_its_quota_change_together_in_both_directions },
	{ "safety", &real_time_needs_no_path_and_changes_in_both_directions },
	{ 0 },
};
