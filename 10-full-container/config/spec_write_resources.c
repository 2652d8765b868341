/*
 * linux.resources: the settings of a group, in OCI's words.
 *
 * The specification was written for cgroup v1, and its words still are:
 * "quota" and "period" for cpu.max, and a "swap" that is the sum of memory and
 * swap.
 */
#include <stdlib.h>

#include "10-full-container/config/spec_write.h"
#include "10-full-container/group/limits.h"

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

/* What has no word there, or is for each disk, goes by the name of its file. */
static void spec_write_setting(json_t *resources,
			       const struct cgroup_setting *setting)
{
	const struct limit *row = limit_of_file(setting->file);
	long long number = strtoll(setting->value, NULL, 10);

	switch (row && row->object ? row->kind : LIMIT_WEIGHT) {
	case LIMIT_BYTES:
	case LIMIT_PIDS:
		spec_write_number(resources, row->object, row->member, number);
		break;
	case LIMIT_SWAP:
		spec_write_swap(resources, number);
		break;
	case LIMIT_QUOTA:
		spec_write_quota(resources, setting->value);
		break;
	case LIMIT_LIST:
		json_object_set_new(spec_write_section(resources, row->object),
				    row->member, json_string(setting->value));
		break;
	default:
		json_object_set_new(spec_write_section(resources, "unified"),
				    setting->file, json_string(setting->value));
	}
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
