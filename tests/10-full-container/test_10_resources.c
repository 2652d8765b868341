/*
 * Stage 10: linux.resources.
 *
 * What is asked for is either in the files of the container's group or
 * refused with its place in config.json: nothing is passed over.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

/* A file of v1 or of v2, and what it has to begin with; NULL: refused. */
struct limit {
	const char *json; /* with DISK for the numbers of a disk */
	const char *place;
	const char *v1, *v1_value, *v2, *v2_value;
};

#define MEMORY(json) "\"memory\": {" json "}"
#define CPU(json)    "\"cpu\": {" json "}"
#define IO(json)     "\"blockIO\": {" json "}"

static const struct limit limits[] = {
	{ MEMORY("\"limit\": 33554432"), "memory.limit",
	  "memory.limit_in_bytes", "33554432", "memory.max", "33554432" },
	{ MEMORY("\"limit\": 33554432, \"swap\": 50331648"), "memory.swap",
	  "memory.memsw.limit_in_bytes", "50331648", "memory.swap.max",
	  "16777216" },
	{ MEMORY("\"limit\": 33554432, \"swap\": -1"), "memory.swap",
	  "memory.memsw.limit_in_bytes", "9223372036854771712",
	  "memory.swap.max", "max" },
	{ MEMORY("\"reservation\": 16777216"), "memory.reservation",
	  "memory.soft_limit_in_bytes", "16777216", "memory.low", "16777216" },
	{ MEMORY("\"limit\": 33554432, \"reservation\": -1"),
	  "memory.reservation", "memory.soft_limit_in_bytes",
	  "9223372036854771712", "memory.low", "0" },
	{ MEMORY("\"swappiness\": 30"), "memory.swappiness",
	  "memory.swappiness", "30", "memory.swappiness", NULL },
	{ MEMORY("\"disableOOMKiller\": true"), "memory.disableOOMKiller",
	  "memory.oom_control", "oom_kill_disable 1", "memory.oom_control",
	  NULL },
	{ MEMORY("\"useHierarchy\": false"), "memory.useHierarchy",
	  "memory.use_hierarchy", NULL, "memory.use_hierarchy", NULL },
	{ MEMORY("\"kernelTCP\": 1048576"), "memory.kernelTCP",
	  "memory.kmem.tcp.limit_in_bytes", "1048576",
	  "memory.kmem.tcp.limit_in_bytes", NULL },
	{ CPU("\"shares\": 512"), "cpu.shares", "cpu.shares", "512",
	  "cpu.weight", "59" },
	{ CPU("\"quota\": 50000, \"period\": 200000"), "cpu.quota",
	  "cpu.cfs_quota_us", "50000", "cpu.max", "50000 200000" },
	{ CPU("\"quota\": 50000, \"period\": 200000"), "cpu.period",
	  "cpu.cfs_period_us", "200000", "cpu.max", "50000 200000" },
	{ CPU("\"period\": 50000"), "cpu.period", "cpu.cfs_period_us", "50000",
	  "cpu.max", "max 50000" },
	{ CPU("\"quota\": 50000, \"burst\": 20000"), "cpu.burst",
	  "cpu.cfs_burst_us", "20000", "cpu.max.burst", "20000" },
	{ CPU("\"idle\": 1"), "cpu.idle", "cpu.idle", "1", "cpu.idle", "1" },
	{ CPU("\"realtimeRuntime\": 950000"), "cpu.realtimeRuntime",
	  "cpu.rt_runtime_us", NULL, "cpu.rt_runtime_us", NULL },
	{ CPU("\"cpus\": \"0\""), "cpu.cpus", "cpuset.cpus", "0", "cpuset.cpus",
	  "0" },
	{ CPU("\"mems\": \"0\""), "cpu.mems", "cpuset.mems", "0", "cpuset.mems",
	  "0" },
	{ CPU("\"cpus\": \"4000\""), "cpu.cpus", "cpuset.cpus", NULL,
	  "cpuset.cpus", NULL },
	{ "\"pids\": {\"limit\": 12}", "pids.limit", "pids.max", "12",
	  "pids.max", "12" },
	{ "\"pids\": {\"limit\": 0}", "pids.limit", "pids.max", "0", "pids.max",
	  "0" },
	{ IO("\"leafWeight\": 300"), "blockIO.leafWeight", "blkio.leaf_weight",
	  NULL, "blkio.leaf_weight", NULL },
	{ IO("\"throttleReadBpsDevice\": [{DISK, \"rate\": 1048576}]"),
	  "blockIO.throttleReadBpsDevice[0].rate",
	  "blkio.throttle.read_bps_device", "DISK 1048576", "io.max",
	  "DISK rbps=1048576 wbps=max" },
	{ IO("\"throttleWriteIOPSDevice\": [{DISK, \"rate\": 90}]"),
	  "blockIO.throttleWriteIOPSDevice[0].rate",
	  "blkio.throttle.write_iops_device", "DISK 90", "io.max",
	  "DISK rbps=max wbps=max riops=max wiops=90" },
	{ IO("\"throttleReadBpsDevice\": [{\"major\": 999, \"minor\": 0, "
	     "\"rate\": 1}]"),
	  "blockIO.throttleReadBpsDevice[0].rate",
	  "blkio.throttle.read_bps_device", NULL, "io.max", NULL },
	{ "\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 4194304}]",
	  "hugepageLimits[0].limit", "hugetlb.2MB.limit_in_bytes", "4194304",
	  "hugetlb.2MB.max", "4194304" },
	{ "\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 4194304}]",
	  "hugepageLimits[0].limit", "hugetlb.2MB.rsvd.limit_in_bytes",
	  "4194304", "hugetlb.2MB.rsvd.max", "4194304" },
	{ "\"hugepageLimits\": [{\"pageSize\": \"3MB\", \"limit\": 0}]",
	  "hugepageLimits[0].limit", "hugetlb.3MB.limit_in_bytes", NULL,
	  "hugetlb.3MB.max", NULL },
	{ "\"network\": {\"classID\": 1048577}", "network.classID",
	  "net_cls.classid", "1048577", "net_cls.classid", NULL },
	{ "\"network\": {\"priorities\": [{\"name\": \"lo\", \"priority\": "
	  "3}]}",
	  "network.priorities[0].priority", "net_prio.ifpriomap", "lo 3",
	  "net_prio.ifpriomap", NULL },
	{ "\"rdma\": {\"none0\": {\"hcaHandles\": 3}}", "rdma.none0",
	  "rdma.max", NULL, "rdma.max", NULL },
	{ "\"unified\": {\"pids.max\": \"7\"}", "unified.pids.max", "pids.max",
	  "7", "pids.max", "7" },
	{ "\"unified\": {\"memory.max\": \"32M\"}", "unified.memory.max",
	  "memory.limit_in_bytes", "33554432", "memory.max", "33554432" },
	{ "\"unified\": {\"memory.oom.group\": \"1\"}",
	  "unified.memory.oom.group", "memory.oom.group", NULL,
	  "memory.oom.group", "1" },
	{ "\"unified\": {\"io.max\": \"DISK rbps=2097152\\nDISK wiops=120\"}",
	  "unified.io.max", "blkio.throttle.write_iops_device", "DISK 120",
	  "io.max", "DISK rbps=2097152 wbps=max riops=max wiops=120" },
	{ "\"unified\": {\"nonsense.max\": \"1\"}", "unified.nonsense.max",
	  "nonsense.max", NULL, "nonsense.max", NULL },
};

/* "8:0", or as two members: "major": 8, "minor": 0. */
static char *with_disk(const char *words, bool is_json)
{
	static const char find[] =
		"for d in /sys/block/*; do case $d in */loop*|*/ram*) ;; *) "
		"cat $d/dev; exit;; esac; done";
	char *disk = shell(find), *at, *result = text("%s", words);
	const char *first = strstr(words, "DISK");
	bool is_pair = is_json && first && first[4] == ',';

	while ((at = strstr(result, "DISK")) != NULL) {
		char *colon = strchr(disk, ':');

		if (!colon)
			skip("there is no disk here");
		if (is_pair)
			result = text("%.*s\"major\": %.*s, \"minor\": %s%s",
				      (int)(at - result), result,
				      (int)(colon - disk), disk, colon + 1,
				      at + 4);
		else
			result = text("%.*s%s%s", (int)(at - result), result,
				      disk, at + 4);
	}
	return result;
}

/* Where v2 is mounted, or "". */
static const char *v2_mount(void)
{
	if (access("/sys/fs/cgroup/cgroup.procs", F_OK) == 0)
		return "/sys/fs/cgroup";
	if (access("/sys/fs/cgroup/unified/cgroup.procs", F_OK) == 0)
		return "/sys/fs/cgroup/unified";
	return "";
}

static bool is_in_v2(const char *file)
{
	return has(shell("cat %s/cgroup.controllers", v2_mount()),
		   text("%.*s", (int)strcspn(file, "."), file));
}

static bool is_in_v1(const char *file)
{
	return *shell("find /sys/fs/cgroup/ -maxdepth 1 -name '*%.*s*' -type d",
		      (int)strcspn(file, "."), file) &&
	       !is_in_v2(file);
}

/* What a file of the container's group says, on one line. */
static char *value_of(pid_t pid, const char *file)
{
	int length = (int)strcspn(file, ".");

	if (is_in_v2(file))
		return shell("cat %s$(sed -n 's/^0:://p' /proc/%d/cgroup)/%s",
			     v2_mount(), pid, file);
	return shell("cat /sys/fs/cgroup/%.*s$(sed -n "
		     "'s/^[0-9]*:[^:]*\\b%.*s\\b[^:]*://p' /proc/%d/cgroup)/%s",
		     length, file, length, file, pid, file);
}

static void write_limit(const struct limit *limit)
{
	oci_write(&(struct config){
		.linux_ = text(", \"resources\": {%s}",
			       with_disk(limit->json, true)) });
}

static void must_be_refused(const struct limit *limit, const char *file)
{
	struct result *r = OCI_RUN(); /* ends even if it is accepted */

	ck_assert_msg(r->status == 1, "%s: accepted, with %s", limit->json,
		      file);
	ck_assert_msg(has(r->err, text(".resources.%s: ", limit->place)) &&
			      has(r->err, file),
		      "%s: expected the place and %s in: %s", limit->json, file,
		      r->err);
}

static void must_be_set(const struct limit *limit, const char *file,
			const char *value)
{
	struct running box = oci_create(OCI_ID);
	char *found = value_of(oci_pid(OCI_ID), file);

	value = with_disk(value, false);
	ck_assert_msg(strncmp(found, value, strlen(value)) == 0,
		      "%s: %s is \"%s\", not \"%s\"", limit->json, file, found,
		      value);
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
}

/* Those whose place begins with `kind`; all others: `kind` is NULL. */
static void check_limits(const char *kind)
{
	static const char *const kinds[] = { "memory.", "cpu.", "blockIO." };

	oci_begin(&(struct config){ 0 });
	for (size_t i = 0; i < COUNT(limits); i++) {
		const struct limit *l = &limits[i];
		const char *its = NULL;

		for (int k = 0; k < 3; k++)
			if (strncmp(l->place, kinds[k], strlen(kinds[k])) == 0)
				its = kinds[k];
		if (kind ? !its || strcmp(kind, its) != 0 : its != NULL)
			continue;
		write_limit(l);
		if (is_in_v1(l->v1) && l->v1_value)
			must_be_set(l, l->v1, l->v1_value);
		else if (is_in_v2(l->v2) && l->v2_value)
			must_be_set(l, l->v2, l->v2_value);
		else
			must_be_refused(l, strrchr(l->v2, '.'));
	}
	oci_end();
}

START_TEST(each_limit_on_memory_is_set_or_refused_by_name)
{
	check_limits("memory.");
}
END_TEST

START_TEST(each_limit_on_cpus_is_set_or_refused_by_name)
{
	check_limits("cpu.");
}
END_TEST

START_TEST(each_limit_on_disks_is_set_or_refused_by_name)
{
	check_limits("blockIO.");
}
END_TEST

START_TEST(each_other_limit_is_set_or_refused_by_name)
{
	check_limits(NULL);
}
END_TEST

/* What asks for nothing: each would be a limit if 0 or -1 were one. */
START_TEST(what_engines_send_for_not_given_is_no_limit)
{
	struct running box;

	oci_begin(&(struct config){
		.linux_ = ", \"resources\": {"
			  "\"memory\": {\"limit\": 0, \"swap\": 0, "
			  "\"reservation\": 0, \"kernel\": 0, \"kernelTCP\": "
			  "-1, \"swappiness\": 18446744073709551615, "
			  "\"disableOOMKiller\": false, \"useHierarchy\": "
			  "true}, \"cpu\": {\"shares\": 0, \"quota\": 0, "
			  "\"period\": 0, \"burst\": 0, \"idle\": 0, "
			  "\"realtimeRuntime\": 0, \"cpus\": \"\", \"mems\": "
			  "\"\"}, \"pids\": {\"limit\": -1}, \"blockIO\": "
			  "{\"weight\": 0, \"leafWeight\": 0, "
			  "\"weightDevice\": []}, \"hugepageLimits\": [], "
			  "\"network\": {\"classID\": 0}, \"rdma\": {}, "
			  "\"unified\": {}}" });
	box = oci_create(OCI_ID);
	ck_assert_int_eq(OCI("delete", "--force", OCI_ID)->status, 0);
	oci_close(&box);
	oci_end();
}
END_TEST

static const struct {
	const char *json, *place;
} wrong[] = {
	{ MEMORY("\"limit\": -2"), "memory.limit: -2 is not" },
	{ MEMORY("\"limit\": 33554432, \"swap\": 1048576"),
	  "memory.swap: 1048576 is not at least memory.limit" },
	{ MEMORY("\"swappiness\": 101"), "memory.swappiness: 101 is not" },
	{ CPU("\"shares\": 262145"), "cpu.shares: 262145 is not" },
	{ CPU("\"quota\": 1000, \"burst\": 2000"), "cpu.burst: 2000 is not" },
	{ CPU("\"idle\": 2"), "cpu.idle: 2 is not" },
	{ CPU("\"cpus\": 1"), "cpu.cpus: 1 is not a string" },
	{ IO("\"weight\": 9"), "blockIO.weight: 9 is not" },
	{ IO("\"weightDevice\": [{\"major\": 1, \"minor\": 0}]"),
	  "blockIO.weightDevice[0]: " },
	{ IO("\"throttleReadBpsDevice\": [{\"major\": 1}]"),
	  "throttleReadBpsDevice[0].minor: is missing" },
	{ "\"hugepageLimits\": [{\"pageSize\": \"../x\", \"limit\": 1}]",
	  "hugepageLimits[0].pageSize: " },
	{ "\"network\": {\"priorities\": [{\"name\": \"a b\", \"priority\": "
	  "1}]}",
	  "network.priorities[0].name: " },
	{ "\"rdma\": {\"mlx5\": {}}", "rdma.mlx5: {} is not complete" },
	{ "\"unified\": {\"../x.y\": \"1\"}", "unified.../x.y: " },
	{ "\"unified\": {\"cgroup.procs\": \"1\"}", "unified.cgroup.procs: " },
	{ "\"unified\": {\"cgroup.threads\": \"1\"}",
	  "unified.cgroup.threads: " },
	{ "\"unified\": {\"cgroup.type\": \"threaded\"}",
	  "unified.cgroup.type: " },
	{ "\"unified\": {\"cgroup.subtree_control\": \"+pids\"}",
	  "unified.cgroup.subtree_control: " },
	{ "\"unified\": {\"cgroup.freeze\": \"1\"}",
	  "unified.cgroup.freeze: " },
	{ "\"unified\": {\"cgroup.kill\": \"1\"}", "unified.cgroup.kill: " },
	{ "\"unified\": {\"pids.max\": 7}", "unified.pids.max: 7 is not" },
	{ "\"devices\": [{\"allow\": true}]", "devices[0].access: is missing" },
	{ "\"devices\": [{\"allow\": true, \"access\": \"x\"}]",
	  "devices[0].access: " },
};

START_TEST(a_wrong_value_is_named_with_its_place)
{
	oci_begin(&(struct config){ 0 });
	for (size_t i = 0; i < COUNT(wrong); i++) {
		oci_write(&(struct config){
			.linux_ =
				text(", \"resources\": {%s}", wrong[i].json) });
		oci_refuses(WORDS("--root", OCI_STATES, "create", "--bundle",
				  OCI_BUNDLE, OCI_ID),
			    wrong[i].place);
	}
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &each_limit_on_memory_is_set_or_refused_by_name },
	{ "safety", &each_limit_on_cpus_is_set_or_refused_by_name },
	{ "safety", &each_limit_on_disks_is_set_or_refused_by_name },
	{ "safety", &each_other_limit_is_set_or_refused_by_name },
	{ "safety", &what_engines_send_for_not_given_is_no_limit },
	{ "input", &a_wrong_value_is_named_with_its_place },
	{ 0 },
};
