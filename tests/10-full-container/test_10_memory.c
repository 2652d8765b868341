/* Stage 10: memory policies and personalities. */
#include <unistd.h>

#include "habits/count.h"
#include "tests/10-full-container/oci.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

static char *policy_of(const char *policy)
{
	return oci_prints(&(struct config){
		.script = "head -n 1 /proc/self/numa_maps | sed 's, file=.*,,; "
			  "s,^[^ ]* ,,'",
		.linux_ = text(", \"memoryPolicy\": %s", policy) });
}

START_TEST(every_memory_policy_is_set)
{
	if (access("/proc/self/numa_maps", F_OK) < 0)
		skip("this kernel has no memory policies");
	ck_assert_str_eq(policy_of("{\"mode\": \"MPOL_DEFAULT\"}"),
			 "default\n");
	ck_assert_str_eq(policy_of("{\"mode\": \"MPOL_LOCAL\"}"), "local\n");
	ck_assert_str_eq(
		policy_of("{\"mode\": \"MPOL_BIND\", \"nodes\": \"0\"}"),
		"bind:0\n");
	ck_assert_str_eq(
		policy_of("{\"mode\": \"MPOL_PREFERRED\", \"nodes\": \"0\"}"),
		"prefer:0\n");
	ck_assert_str_eq(policy_of("{\"mode\": \"MPOL_PREFERRED_MANY\", "
				   "\"nodes\": \"0\"}"),
			 "prefer (many):0\n");
	ck_assert_str_eq(policy_of("{\"mode\": \"MPOL_INTERLEAVE\", \"nodes\": "
				   "\"0-7\", \"flags\": "
				   "[\"MPOL_F_STATIC_NODES\"]}"),
			 "interleave=static:0\n");
}
END_TEST

START_TEST(weighted_interleaving_is_set_where_the_kernel_has_it)
{
	struct result *r;

	oci_begin(&(struct config){
		.script = "head -n 1 /proc/self/numa_maps",
		.linux_ = ", \"memoryPolicy\": {\"mode\": "
			  "\"MPOL_WEIGHTED_INTERLEAVE\", \"nodes\": \"0\"}" });
	r = OCI_RUN();
	oci_end();
	if (r->status != 0 && has(r->err, "MPOL_WEIGHTED_INTERLEAVE"))
		skip("this kernel has no weighted interleaving (Linux 6.9)");
	ck_assert_msg(has(r->out, "weighted interleave:0"), "%s%s", r->out,
		      r->err);
}
END_TEST

START_TEST(a_memory_policy_that_cannot_be_had_is_named)
{
	static const char *const policies[][2] = {
		{ "{}", "linux.memoryPolicy.mode" },
		{ "{\"mode\": \"MPOL_FROB\"}", "linux.memoryPolicy.mode" },
		{ "{\"mode\": \"MPOL_BIND\"}", "linux.memoryPolicy.nodes" },
		{ "{\"mode\": \"MPOL_BIND\", \"nodes\": \"\"}",
		  "linux.memoryPolicy.nodes" },
		{ "{\"mode\": \"MPOL_BIND\", \"nodes\": \"0,\"}",
		  "linux.memoryPolicy.nodes" },
		{ "{\"mode\": \"MPOL_BIND\", \"nodes\": \"3-0\"}",
		  "linux.memoryPolicy.nodes" },
		{ "{\"mode\": \"MPOL_BIND\", \"nodes\": \"99999\"}",
		  "linux.memoryPolicy.nodes" },
		{ "{\"mode\": \"MPOL_LOCAL\", \"nodes\": \"0\"}",
		  "linux.memoryPolicy.nodes" },
		{ "{\"mode\": \"MPOL_BIND\", \"nodes\": \"0\", \"flags\": "
		  "[\"MPOL_F_FROB\"]}",
		  "linux.memoryPolicy.flags[0]" },
		{ "{\"mode\": \"MPOL_BIND\", \"nodes\": \"1000-1023\"}",
		  "set MPOL_BIND, nodes \"1000-1023\"" },
	};

	for (size_t i = 0; i < COUNT(policies); i++)
		oci_refuses_config(
			&(struct config){ .linux_ = text(", \"memoryPolicy\": "
							 "%s",
							 policies[i][0]) },
			policies[i][1]);
}
END_TEST

START_TEST(the_personality_changes_what_uname_says)
{
	char *own = oci_prints(&(struct config){
		.script = "cat /proc/self/personality",
		.linux_ = ", \"personality\": {\"domain\": \"LINUX\"}" });

	ck_assert_str_eq(own, "00000000\n");
	ck_assert_str_eq(oci_prints(&(struct config){
				 .script = "cat /proc/self/personality",
				 .linux_ = ", \"personality\": {\"domain\": "
					   "\"LINUX32\", \"flags\": []}" }),
			 "00000008\n");
	oci_refuses_config(&(struct config){ .linux_ =
						     ", \"personality\": "
						     "{\"domain\": \"BSD\"}" },
			   "linux.personality.domain");
	oci_refuses_config(
		&(struct config){ .linux_ = ", \"personality\": {\"domain\": "
					    "\"LINUX\", \"flags\": [\"X\"]}" },
		"linux.personality.flags");
}
END_TEST

const struct test tests[] = {
	{ "safety", &every_memory_policy_is_set },
	{ "safety", &weighted_interleaving_is_set_where_the_kernel_has_it },
	{ "input", &a_memory_policy_that_cannot_be_had_is_named },
	{ "safety", &the_personality_changes_what_uname_says },
	{ 0 },
};
