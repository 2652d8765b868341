/* Stage 10: what config.json says about a process, beside its rights. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

/* Fields 19, 40 and 41 of proc(5)'s stat: nice, priority, policy. */
#define SCHEDULE "cut -d' ' -f19,40,41 /proc/self/stat"

/* Whoever runs the tests may have done so by nice(1), which is inherited. */
static void be_usual(void)
{
	ck_assert_int_eq(setpriority(PRIO_PROCESS, 0, 0), 0);
}

static char *scheduled(const char *scheduler)
{
	be_usual();
	return oci_prints(&(struct config){
		.script = SCHEDULE,
		.process = text(", \"scheduler\": %s", scheduler) });
}

START_TEST(every_scheduling_policy_is_set)
{
	ck_assert_str_eq(
		scheduled("{\"policy\": \"SCHED_OTHER\", \"nice\": 5}"),
		"5 0 0\n");
	ck_assert_str_eq(
		scheduled("{\"policy\": \"SCHED_BATCH\", \"nice\": -3}"),
		"-3 0 3\n");
	ck_assert_str_eq(scheduled("{\"policy\": \"SCHED_IDLE\"}"), "0 0 5\n");
}
END_TEST

START_TEST(the_real_time_policies_have_their_priority)
{
	if (strcmp(shell("chrt -f 1 true && chrt -r 1 true && echo can"),
		   "can") != 0)
		skip("this machine lets root start no real-time process");
	ck_assert_str_eq(
		scheduled("{\"policy\": \"SCHED_FIFO\", \"priority\": 7}"),
		"0 7 1\n");
	ck_assert_str_eq(
		scheduled("{\"policy\": \"SCHED_RR\", \"priority\": 99, "
			  "\"flags\": [\"SCHED_FLAG_RESET_ON_FORK\"]}"),
		"0 0 0\n"); /* cut is a child of the shell */
}
END_TEST

START_TEST(a_deadline_has_its_three_times)
{
	if (strcmp(shell("chrt -d -T 1000000 -D 2000000 -P 2000000 0 true && "
			 "echo can"),
		   "can") != 0)
		skip("this machine lets root start no process with a deadline");
	be_usual();
	ck_assert_str_eq(
		oci_prints(&(struct config){
			.script = "exec " SCHEDULE,
			.process = ", \"scheduler\": {\"policy\": "
				   "\"SCHED_DEADLINE\", \"runtime\": 1000000, "
				   "\"deadline\": 2000000, \"period\": "
				   "3000000, \"flags\": "
				   "[\"SCHED_FLAG_RECLAIM\"]}" }),
		"0 0 6\n");
}
END_TEST

START_TEST(a_schedule_that_cannot_be_had_is_named)
{
	static const char *const schedulers[][2] = {
		{ "{}", "process.scheduler.policy" },
		{ "{\"policy\": \"SCHED_FROB\"}", "process.scheduler.policy" },
		{ "{\"policy\": \"SCHED_OTHER\", \"nice\": 20}",
		  "process.scheduler.nice" },
		{ "{\"policy\": \"SCHED_FIFO\", \"priority\": 100}",
		  "process.scheduler.priority" },
		{ "{\"policy\": \"SCHED_OTHER\", \"flags\": [\"FROB\"]}",
		  "process.scheduler.flags[0]" },
		{ "{\"policy\": \"SCHED_DEADLINE\", \"runtime\": -1}",
		  "process.scheduler.runtime" },
		{ "{\"policy\": \"SCHED_ISO\"}",
		  "process.scheduler: set the policy SCHED_ISO" },
		{ "{\"policy\": \"SCHED_FIFO\"}",
		  "process.scheduler: set the policy SCHED_FIFO" },
	};

	for (size_t i = 0; i < COUNT(schedulers); i++)
		oci_refuses_config(
			&(struct config){ .process = text(", \"scheduler\": %s",
							  schedulers[i][0]) },
			schedulers[i][1]);
}
END_TEST

static char *io_priority(const char *value)
{
	return oci_prints(&(struct config){
		.script = "ionice -p $$",
		.process = text(", \"ioPriority\": %s", value) });
}

START_TEST(the_disk_priority_is_of_every_class)
{
	ck_assert_str_eq(io_priority("{\"class\": \"IOPRIO_CLASS_BE\", "
				     "\"priority\": 6}"),
			 "best-effort: prio 6\n");
	ck_assert_str_eq(io_priority("{\"class\": \"IOPRIO_CLASS_RT\", "
				     "\"priority\": 2}"),
			 "realtime: prio 2\n");
	ck_assert(has(io_priority("{\"class\": \"IOPRIO_CLASS_IDLE\", "
				  "\"priority\": 4}"),
		      "idle"));
	oci_refuses_config(&(struct config){ .process = ", \"ioPriority\": "
							"{\"priority\": 1}" },
			   "process.ioPriority.class");
	oci_refuses_config(
		&(struct config){ .process = ", \"ioPriority\": {\"class\": "
					     "\"IOPRIO_CLASS_BE\", "
					     "\"priority\": 8}" },
		"process.ioPriority.priority");
}
END_TEST

START_TEST(a_limit_that_is_refused_has_its_name)
{
	oci_refuses_config(
		&(struct config){ .process = ", \"rlimits\": [{\"type\": "
					     "\"RLIMIT_MSGQUEUE\", "
					     "\"soft\": 7, \"hard\": 6}"
					     "]" },
		"set RLIMIT_MSGQUEUE to 7");
	oci_refuses_config(
		&(struct config){ .process = ", \"rlimits\": [{\"type\": "
					     "\"RLIMIT_CORE\", \"soft\": 0, "
					     "\"hard\": 0}, {\"type\": "
					     "\"RLIMIT_CORE\", \"soft\": 0, "
					     "\"hard\": 0}]" },
		"process.rlimits[1]");
}
END_TEST

/* Values that a shell can live with. */
static const struct {
	const char *type, *shown;
	rlim_t soft, hard;
	int resource;
} every_limit[] = {
	{ "AS", "Max address space", 900000000, 900000001, RLIMIT_AS },
	{ "CORE", "Max core file size", 4096, 8192, RLIMIT_CORE },
	{ "CPU", "Max cpu time", 1000, 1001, RLIMIT_CPU },
	{ "DATA", "Max data size", 800000000, 800000001, RLIMIT_DATA },
	{ "FSIZE", "Max file size", 700000000, 700000001, RLIMIT_FSIZE },
	{ "LOCKS", "Max file locks", 76, 77, RLIMIT_LOCKS },
	{ "MEMLOCK", "Max locked memory", 4096, 8192, RLIMIT_MEMLOCK },
	{ "MSGQUEUE", "Max msgqueue size", 81920, 81921, RLIMIT_MSGQUEUE },
	{ "NICE", "Max nice priority", 0, 0, RLIMIT_NICE },
	{ "NOFILE", "Max open files", 100, 101, RLIMIT_NOFILE },
	{ "NPROC", "Max processes", 1000, 1001, RLIMIT_NPROC },
	{ "RSS", "Max resident set", 600000000, 600000001, RLIMIT_RSS },
	{ "RTPRIO", "Max realtime priority", 0, 0, RLIMIT_RTPRIO },
	{ "RTTIME", "Max realtime timeout", 1000000, 1000001, RLIMIT_RTTIME },
	{ "SIGPENDING", "Max pending signals", 500, 501, RLIMIT_SIGPENDING },
	{ "STACK", "Max stack size", 8000000, 8000001, RLIMIT_STACK },
};

/*
 * Of those, what the tests may give: without CAP_SYS_RESOURCE no more than they
 * have themselves, and sudo leaves them no core files.
 */
static struct rlimit own_limit(size_t i)
{
	struct rlimit own,
		wanted = { every_limit[i].soft, every_limit[i].hard };

	ck_assert_int_eq(getrlimit((unsigned int)every_limit[i].resource, &own),
			 0);
	if (wanted.rlim_max > own.rlim_max)
		wanted.rlim_max = own.rlim_max;
	if (wanted.rlim_cur > wanted.rlim_max)
		wanted.rlim_cur = wanted.rlim_max;
	return wanted;
}

START_TEST(every_limit_arrives_inside)
{
	size_t count = COUNT(every_limit);
	char *list = text("%s", ""), *out;

	for (size_t i = 0; i < count; i++)
		list = text("%s%s{\"type\": \"RLIMIT_%s\", \"soft\": %llu, "
			    "\"hard\": %llu}",
			    list, i ? ", " : "", every_limit[i].type,
			    (unsigned long long)own_limit(i).rlim_cur,
			    (unsigned long long)own_limit(i).rlim_max);
	out = oci_prints(&(struct config){
		.script = "cat /proc/self/limits",
		.process = text(", \"rlimits\": [%s]", list) });
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(
			has(out,
			    text("%-25s %-20llu %-20llu ", every_limit[i].shown,
				 (unsigned long long)own_limit(i).rlim_cur,
				 (unsigned long long)own_limit(i).rlim_max)),
			"%s: %s", every_limit[i].type, out);
}
END_TEST

/* A size without a terminal has to be ignored, even a wrong one. */
START_TEST(the_terminal_has_its_size)
{
	static const char script[] = "stty size; stty size < /dev/console";
	struct result *r;

	ck_assert_str_eq(oci_prints(&(struct config){
				 .script = "echo none",
				 .process = ", \"consoleSize\": 7" }),
			 "none\n");
	oci_begin(&(struct config){
		.script = script,
		.process = ", \"terminal\": true, \"consoleSize\": "
			   "{\"height\": 33, \"width\": 77}",
		.mounts = ", {\"destination\": \"/dev/pts\", \"type\": "
			  "\"devpts\", \"options\": [\"newinstance\", "
			  "\"ptmxmode=0666\"]}" });
	r = OCI_RUN();
	ck_assert_str_eq(r->out, "33 77\n33 77\n");
	oci_end();
	oci_refuses_config(&(struct config){ .process = ", \"terminal\": true, "
							"\"consoleSize\": "
							"{\"height\": 5}" },
			   "process.consoleSize.width");
}
END_TEST

/* exec with a process of its own. */
static struct result *exec_process(const char *members, const char *script)
{
	shell("echo '{\"cwd\": \"/\", \"env\": [\"PATH=/bin\"], \"user\": "
	      "{\"uid\": 0, \"gid\": 0}, \"args\": [\"sh\", \"-c\", "
	      "\"%s\"]%s}' > /run/oci/process.json",
	      script, members);
	return OCI("exec", "--process", "/run/oci/process.json", OCI_ID);
}

START_TEST(exec_has_the_processors_that_it_asks_for)
{
	static const char allowed[] =
		"grep Cpus_allowed_list /proc/self/status | cut -f2";
	char *all = shell("%s", allowed);
	struct running box;
	struct result *r;

	if (!strpbrk(all, ",-"))
		skip("this machine has a single processor");
	oci_begin(&(struct config){
		.process = ", \"execCPUAffinity\": {\"final\": \"0\"}",
		.linux_ = ", \"personality\": {\"domain\": \"LINUX32\"}, "
			  "\"memoryPolicy\": {\"mode\": \"MPOL_LOCAL\"}" });
	box = oci_create(OCI_ID);
	ck_assert_str_eq(shell("sed -n 's/^Cpus_allowed_list:.//p' "
			       "/proc/%d/status",
			       oci_pid(OCI_ID)),
			 all);
	r = exec_process(", \"execCPUAffinity\": {\"initial\": \"1\"}",
			 allowed);
	ck_assert_msg(strcmp(chomp(r->out), "1") == 0 ||
			      strcmp(r->out, all) == 0,
		      "%s%s", r->out, r->err);
	r = exec_process(", \"execCPUAffinity\": {\"initial\": \"0\", "
			 "\"final\": \"1\"}",
			 allowed);
	ck_assert_str_eq(r->out, "1\n");
	/* Without a process of its own it has that of the container. */
	ck_assert_str_eq(OCI("exec", OCI_ID, "sh", "-c", allowed)->out, "0\n");
	r = exec_process(", \"execCPUAffinity\": {\"final\": \"8000\"}",
			 "true");
	ck_assert_int_ne(r->status, 0);
	ck_assert_msg(has(r->err, "run on the processors 8000"), "%s", r->err);
	r = exec_process(", \"execCPUAffinity\": {\"initial\": \"x\"}", "true");
	ck_assert_msg(has(r->err, "execCPUAffinity.initial"), "%s", r->err);
	r = exec_process("", "cat /proc/self/personality; "
			     "head -n 1 /proc/self/numa_maps");
	ck_assert_msg(has(r->out, "00000008\n"), "%s", r->out);
	OCI("delete", "--force", OCI_ID);
	oci_close(&box);
	oci_end();
}
END_TEST

START_TEST(exec_has_a_schedule_of_its_own)
{
	struct running box;
	struct result *r;

	oci_begin(&(struct config){ 0 });
	box = oci_create(OCI_ID);
	r = exec_process(", \"scheduler\": {\"policy\": \"SCHED_BATCH\", "
			 "\"nice\": 2}, \"ioPriority\": {\"class\": "
			 "\"IOPRIO_CLASS_IDLE\"}",
			 "cut -d\\\" \\\" -f19,41 /proc/self/stat; ionice -p "
			 "$$");
	ck_assert_msg(has(r->out, "2 3\nidle"), "%s%s", r->out, r->err);
	OCI("delete", "--force", OCI_ID);
	oci_close(&box);
	oci_end();
}
END_TEST

const struct test tests[] = {
	{ "safety", &every_scheduling_policy_is_set },
	{ "safety", &the_real_time_policies_have_their_priority },
	{ "safety", &a_deadline_has_its_three_times },
	{ "input", &a_schedule_that_cannot_be_had_is_named },
	{ "safety", &the_disk_priority_is_of_every_class },
	{ "safety", &every_limit_arrives_inside },
	{ "input", &a_limit_that_is_refused_has_its_name },
	{ "safety", &the_terminal_has_its_size },
	{ "safety", &exec_has_the_processors_that_it_asks_for },
	{ "safety", &exec_has_a_schedule_of_its_own },
	{ 0 },
};
