/* The group that `create` chose, from what it was chosen by. */
#include "10-full-container/life/delete.h"

#include "habits/error.h"
#include "10-full-container/guard/json.h"
#include "10-full-container/life/maker.h"

static void lost_group_choose(json_t *json, int dir, const char *id)
{
	json_t *config = json_read_file(dir, "config.json");
	json_t *linux_ = json_object_get(config, "linux");
	struct spec spec = {
		.cgroup_path = json_string_value(
			json_object_get(linux_, "cgroupsPath")),
	};
	struct maker m = { 0 };

	if (maker_choose(&m, &spec, id,
			 spec.cgroup_path &&
					 maker_is_for_systemd(spec.cgroup_path)
				 ? "systemd"
				 : "cgroupfs") == 0) {
		if (m.path)
			json_object_set_new(json, "cgroup",
					    json_string(m.path));
		if (m.unit)
			json_object_set_new(json, "unit", json_string(m.unit));
	}
	maker_free(&m);
	json_decref(config);
}

/* A config.json that is damaged, too: then there is no group to look in. */
static void lost_group_hear(const char *message)
{
	(void)message;
}

void lost_group_find(json_t *json, int dir, const char *id)
{
	void (*sink)(const char *) = error_sink;

	if (json_object_get(json, "cgroup"))
		return;
	error_sink = lost_group_hear;
	lost_group_choose(json, dir, id);
	error_sink = sink;
}
