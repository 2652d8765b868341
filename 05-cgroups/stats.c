/* What a container used, as far as its kernel counts it. */
#include <errno.h>
#include <string.h>

#include "01-uts/error.h"
#include "05-cgroups/internal.h"

long long cgroup_read(const struct cgroup *cg, const char *file,
		      const char *key)
{
	long long number = -1;

	if (cgroup_v2(cg))
		number = cgroup_number(cgroup_v2(cg)->fd, file, key);
	return number < 0 ? cgroup_v1_read(cg, file, key) : number;
}

static void cgroup_print_bytes(FILE *out, long long bytes)
{
	fprintf(out, "%lld bytes (%.1f MiB)\n", bytes,
		(double)bytes / (1024 * 1024));
}

static void cgroup_print_time(FILE *out, long long microseconds)
{
	fprintf(out, "%lld.%06lld seconds\n", microseconds / 1000000,
		microseconds % 1000000);
}

static void cgroup_print_count(FILE *out, long long count)
{
	fprintf(out, "%lld\n", count);
}

static const struct {
	const char *label, *file, *key;
	void (*print)(FILE *out, long long number);
	const char *needs; /* to be counted; NULL: leave it out if it is not */
} stats_lines[] = {
	{ "memory peak", "memory.peak", NULL, cgroup_print_bytes,
	  "the memory controller and Linux 5.19" },
	{ "cpu time", "cpu.stat", "usage_usec", cgroup_print_time,
	  "a group of its own" },
	{ "cpu throttled", "cpu.stat", "throttled_usec", cgroup_print_time,
	  NULL },
	{ "OOM kills", "memory.events", "oom_kill", cgroup_print_count,
	  "the memory controller" },
	{ "pids peak", "pids.peak", NULL, cgroup_print_count,
	  "the pids controller and Linux 6.1" },
};

static void cgroup_print_all(const struct cgroup *cg, FILE *out)
{
	for (size_t i = 0; i < sizeof(stats_lines) / sizeof(stats_lines[0]);
	     i++) {
		long long number = cgroup_read(cg, stats_lines[i].file,
					       stats_lines[i].key);

		if (number < 0 && !stats_lines[i].needs)
			continue;
		fprintf(out, "%s: ", stats_lines[i].label);
		if (number < 0)
			fprintf(out, "not available (needs %s)\n",
				stats_lines[i].needs);
		else
			stats_lines[i].print(out, number);
	}
}

void cgroup_stats(const struct cgroup *cg, FILE *out)
{
	long long kills = cgroup_read(cg, "memory.events", "oom_kill");

	if (kills > 0)
		error_note("the kernel killed %lld process%s: out of memory at "
			   "the limit of %lld bytes",
			   kills, kills > 1 ? "es" : "",
			   cgroup_read(cg, "memory.max", NULL));
	if (cg->stats)
		cgroup_print_all(cg, out);
	fflush(out);
}
