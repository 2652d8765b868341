/*
 * linux.resources: the settings of a group, in OCI's words.
 *
 * The specification was written for cgroup v1, and its words still are:
 * "quota" and "period" for cpu.max, and a "swap" that is the sum of memory and
 * swap.
 */
#include <stdlib.h>
#include <string.h>

#include "10-full-container/config/spec_write.h"

/* The object `key` in `parent`, made if it is not there. */
static json_t *spec_write_section(json_t *parent, const char *key)
{
	if (!json_object_get(parent, key))
		json_object_set_new(parent, key, json_object());
	return json_object_get(parent, key);
}

static void spec_write_number(json_t *resources, const char *section,
			      const char *key, long long number)
{
	json_object_set_new(spec_write_section(resources, section), key,
			    json_integer(number));
}

/* Memory and swap are counted together; the limit on memory came before. */
static void spec_write_swap(json_t *resources, long long swap)
{
	json_t *memory = spec_write_section(resources, "memory");
	json_int_t limit = json_integer_value(json_object_get(memory, "limit"));

	json_object_set_new(memory, "swap", json_integer(limit + swap));
}

/* cpu.max is "QUOTA PERIOD", in microseconds. */
static void spec_write_quota(json_t *resources, const char *value)
{
	char *period;
	long long quota = strtoll(value, &period, 10);

	spec_write_number(resources, "cpu", "quota", quota);
	spec_write_number(resources, "cpu", "period",
			  strtoll(period, NULL, 10));
}

/* For the options that stages have; any other file goes by its name. */
static void spec_write_setting(json_t *resources,
			       const struct cgroup_setting *setting)
{
	const char *file = setting->file, *value = setting->value;
	long long number = strtoll(value, NULL, 10);

	if (strcmp(file, "memory.max") == 0)
		spec_write_number(resources, "memory", "limit", number);
	else if (strcmp(file, "memory.swap.max") == 0)
		spec_write_swap(resources, number);
	else if (strcmp(file, "pids.max") == 0)
		spec_write_number(resources, "pids", "limit", number);
	else if (strcmp(file, "cpu.max") == 0)
		spec_write_quota(resources, value);
	else if (strcmp(file, "cpuset.cpus") == 0)
		json_object_set_new(spec_write_section(resources, "cpu"),
				    "cpus", json_string(value));
	else /* by the name of the file */
		json_object_set_new(spec_write_section(resources, "unified"),
				    file, json_string(value));
}

/* The rule for devices: none but the standard ones, which a runtime adds. */
json_t *spec_write_resources(const struct cgroup_setting *settings)
{
	json_t *resources = json_pack("{s:[{s:b, s:s}]}", "devices", "allow", 0,
				      "access", "rwm");

	for (const struct cgroup_setting *s = settings; s->file; s++)
		spec_write_setting(resources, s);
	return resources;
}
