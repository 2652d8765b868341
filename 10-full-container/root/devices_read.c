/*
 * linux.devices: device files beside the standard ones.
 *
 * Making a file does not allow to open it: that is linux.resources.devices.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "habits/error.h"
#include "10-full-container/config/spec.h"

/* "/dev/x/" is /dev/x: the slash at the end means nothing here. */
static int spec_read_path(struct device *device, const struct value *node)
{
	struct value path = value_member(node, "path");
	size_t length;

	if (value_absolute(node, "path", &device->path) < 0)
		return -1;
	length = strlen(device->path);
	if (device->path[length - 1] != '/')
		return 0;
	while (length > 1 && device->path[length - 1] == '/')
		length--;
	json_string_setn((json_t *)path.value, strdupa(device->path), length);
	device->path = json_string_value(path.value);
	return device->path[1] ? 0 : value_complain(&path, "a file");
}

/* 12 bits of major and 20 of minor number: what the kernel keeps (dev_t). */
static int spec_read_device(struct device *device, const struct value *node)
{
	static const char *const types[] = { "c", "u", "b", "p", NULL };
	static const mode_t modes[] = { S_IFCHR, S_IFCHR, S_IFBLK, S_IFIFO };
	int64_t major = 0, minor = 0, mode = 0666;
	size_t type = 0;

	if (value_item_object(node) < 0 || value_require(node, "type") < 0 ||
	    value_require(node, "path") < 0 ||
	    value_word(node, "type", types, &type) < 0 ||
	    spec_read_path(device, node) < 0)
		return -1;
	if (modes[type] != S_IFIFO && (value_require(node, "major") < 0 ||
				       value_require(node, "minor") < 0))
		return -1;
	if (value_integer(node, "major", 0, (1 << 12) - 1, &major) < 0 ||
	    value_integer(node, "minor", 0, (1 << 20) - 1, &minor) < 0 ||
	    value_integer(node, "fileMode", 0, 0177777, &mode) < 0 ||
	    value_id(node, "uid", &device->uid) < 0 ||
	    value_id(node, "gid", &device->gid) < 0)
		return -1;
	device->mode = modes[type] | ((mode_t)mode & 07777);
	device->major = (unsigned int)major;
	device->minor = (unsigned int)minor;
	return 0;
}

/* An empty one ends the list; the standard devices come to it: devices.c. */
int spec_read_devices(struct spec *spec, const struct value *linux_node)
{
	struct value array, item;

	if (value_array(linux_node, "devices", &array) < 0)
		return -1;
	spec->devices = calloc(value_count(&array) + 1, sizeof(struct device));
	if (!spec->devices)
		return error_call(NULL, "read the devices");
	for (size_t i = 0; i < value_count(&array); i++) {
		item = value_item(&array, i);
		if (spec_read_device(&spec->devices[i], &item) < 0)
			return -1;
	}
	return 0;
}
