/* Exercise 10: the limits of somebody's bundle. */
#include <string.h>

#include "tests/10-full-container/box.h"
#include "tests/10-full-container/verbs.h"
#include "tests/runner/runner.h"

const char stage_name[] = "10-full-container";

#define MEMORY    "67108864"
#define PROCESSES "20"

static void need_controller(const char *name)
{
	if (strcmp(shell("grep -w %s /proc/cgroups | cut -f4", name), "1") != 0)
		skip("this kernel has no %s controller", name);
}

START_TEST(memory_is_limited_to_64_mib)
{
	struct box box;
	char *limit;

	need_controller("memory");
	box = box_begin();
	limit = chomp(oci_group_file(box.pid, "memory.max", "memory",
				     "memory.limit_in_bytes"));
	box_end(&box);
	ck_assert_msg(strcmp(limit, MEMORY) == 0,
		      "its limit is %s bytes, not " MEMORY
		      " (linux.resources.memory.limit)",
		      limit);
}
END_TEST

/* A kernel without swap has no file for it. */
START_TEST(there_is_no_swap_besides)
{
	struct box box;
	char *more;

	need_controller("memory");
	box = box_begin();
	more = chomp(oci_group_file(box.pid, "memory.swap.max", "memory",
				    "memory.memsw.limit_in_bytes"));
	box_end(&box);
	ck_assert_msg(!more[0] || strcmp(more, "0") == 0 ||
			      strcmp(more, MEMORY) == 0,
		      "the rest of the memory goes to swap: the limit of that "
		      "is %s (in config.json \"swap\" is memory and swap "
		      "together)",
		      more);
}
END_TEST

START_TEST(it_has_at_most_20_processes)
{
	struct box box;
	char *limit;

	need_controller("pids");
	box = box_begin();
	limit = chomp(oci_group_file(box.pid, "pids.max", "pids", "pids.max"));
	box_end(&box);
	ck_assert_msg(strcmp(limit, PROCESSES) == 0,
		      "its limit is %s processes, not " PROCESSES, limit);
}
END_TEST

const struct test tests[] = {
	{ "core safety", &memory_is_limited_to_64_mib },
	{ "core safety", &there_is_no_swap_besides },
	{ "core safety", &it_has_at_most_20_processes },
	{ 0 },
};
