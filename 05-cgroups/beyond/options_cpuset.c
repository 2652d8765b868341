/*
 * --cpuset: a list of cpus, as the kernel writes and reads it, "0-3,8".
 *
 * A cpu that is switched off, or not there at all, is refused by v1, while v2
 * takes the list as a wish and grants what there is.  So we look first.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>

#include "habits/error.h"
#include "05-cgroups/beyond/options.h"
#include "05-cgroups/files.h"

/*
 * The next range of a list like "0-3,8".  Moves `*list` on.  False if it is
 * none; then, and at the end, it stays.
 */
static bool cgroup_next_range(const char **list, long *first, long *last)
{
	char *end;

	if (!isdigit(**list))
		return false;
	*first = *last = strtol(*list, &end, 10);
	if (*end == '-') {
		if (!isdigit(end[1]))
			return false;
		*last = strtol(end + 1, &end, 10);
	}
	if (*first > *last || (*end == ',' && !isdigit(end[1])))
		return false;
	*list = end + (*end == ',');
	return *end == ',' || *end == '\0' || *end == '\n';
}

/* Are all the cpus from first to last switched on? */
static bool cgroup_is_online(long first, long last)
{
	char text[CGROUP_TEXT];
	const char *rest = text;
	long from, to;

	if (cgroup_read_text(AT_FDCWD, "/sys/devices/system/cpu/online", text) <
	    0)
		return true; /* the kernel will judge */
	while (cgroup_next_range(&rest, &from, &to))
		if (first >= from && first <= to) {
			if (last <= to)
				return true;
			first = to + 1;
		}
	return false;
}

/* The list goes to the kernel as it is; it may have gaps, not empty parts. */
int cgroup_parse_cpuset(void *field, const char *name, const char *value)
{
	struct cgroup_setting *setting;
	const char *rest = value;
	long first, last;

	while (*rest) {
		if (!cgroup_next_range(&rest, &first, &last))
			return error_input("numbers and ranges, like 0-2,4",
					   "option --%s: \"%s\" is not a list "
					   "of cpus",
					   name, value);
		if (!cgroup_is_online(first, last))
			return error_input(
				"see /sys/devices/system/cpu/online",
				"option --%s: not all cpus of \"%s\" are here",
				name, value);
	}
	setting = cgroup_add(field, name, "cpuset.cpus", "%s", "");
	if (setting)
		setting->value = value; /* of any length */
	return setting ? 0 : -1;
}
