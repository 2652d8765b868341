/*
 * --io: a disk, and what may be read from it and written to it in a second.
 *
 * The kernel knows disks by their numbers, "254:0", and a line of io.max has
 * all limits of one.  Rates are in bytes (bps) or in requests (iops).
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "habits/error.h"
#include "05-cgroups/beyond/lists.h"
#include "05-cgroups/beyond/options.h"

static const char io_hint[] =
	"DISK:rbps=10M,wbps=1M,riops=100,wiops=100 (one of them or more), "
	"DISK:weight=50 or weight=50 (1 to 10000)";

/* The disk's number.  The kernel takes whole disks only, so name them. */
static int cgroup_find_disk(const char *name, const char *path, dev_t *disk)
{
	char link[PATH_MAX], part[64];
	struct stat status;

	if (stat(path, &status) < 0)
		return error_call(NULL, "option --%s: find the disk \"%s\"",
				  name, path);
	if (!S_ISBLK(status.st_mode))
		return error_input(io_hint,
				   "option --%s: \"%s\" is not a block device",
				   name, path);
	*disk = status.st_rdev;
	snprintf(part, sizeof(part), "/sys/dev/block/%u:%u/partition",
		 major(*disk), minor(*disk));
	if (access(part, F_OK) < 0)
		return 0;
	snprintf(part, sizeof(part), "/sys/dev/block/%u:%u/..", major(*disk),
		 minor(*disk));
	return error_input("limits are for whole disks",
			   "option --%s: %s is a partition; its disk is "
			   "/dev/%s",
			   name, path,
			   realpath(part, link) ? basename(link) : "?");
}

/* "rbps=10M,riops=max" becomes " rbps=10485760 riops=max". */
static int cgroup_parse_rates(const char *name, char *rates, char *text,
			      size_t size)
{
	size_t length = 0;
	char *word;

	while ((word = strsep(&rates, ","))) {
		const char *key = strsep(&word, "=");
		bool is_known = cgroup_has("rbps wbps riops wiops", key);
		bool is_max = word && strcmp(word, "max") == 0;
		long long rate = cgroup_parse_number(
			word ? word : "", strstr(key, "bps") ? "KMGT" : "");

		if (!is_known || (rate < 1 && !is_max))
			return error_input(io_hint,
					   "option --%s: \"%s%s%s\" is not a "
					   "rate",
					   name, key, word ? "=" : "",
					   word ? word : "");
		length += (size_t)snprintf(text + length, size - length,
					   is_max ? " %s=max" : " %s=%lld", key,
					   rate);
		if (length >= size)
			return error_input(io_hint,
					   "option --%s: too many rates", name);
	}
	return 0;
}

/* A share of the disk's time while others want it too; no limit otherwise. */
static int cgroup_parse_weight(struct cgroup *cg, const char *name,
			       const char *disk, const char *value)
{
	long long weight = cgroup_parse_number(value, "");

	if (weight < 1 || weight > 10000)
		return error_input(io_hint,
				   "option --%s: the weight \"%s\" is out of "
				   "range",
				   name, value);
	return cgroup_add(cg, name, "io.weight", "%s %lld", disk, weight) ? 0
									  : -1;
}

/* A path of a disk can have colons in it, what follows it has none. */
int cgroup_parse_io(void *field, const char *name, const char *value)
{
	char *path = strdupa(value), *rates, disk[32], text[96];
	dev_t number = 0;

	if (strncmp(value, "weight=", 7) == 0)
		return cgroup_parse_weight(field, name, "default", value + 7);
	rates = strrchr(path, ':');
	if (!rates || rates == path || !rates[1])
		return error_input(io_hint,
				   "option --%s: \"%s\" is not a disk and what "
				   "it may do",
				   name, value);
	*rates++ = '\0';
	if (cgroup_find_disk(name, path, &number) < 0)
		return -1;
	snprintf(disk, sizeof(disk), "%u:%u", major(number), minor(number));
	if (strncmp(rates, "weight=", 7) == 0)
		return cgroup_parse_weight(field, name, disk, rates + 7);
	if (cgroup_parse_rates(name, rates, text, sizeof(text)) < 0)
		return -1;
	return cgroup_add(field, name, "io.max", "%s%s", disk, text) ? 0 : -1;
}
