/*
 * From the text of --userns, --uid-map and --gid-map to struct userns.
 *
 * A map that the kernel would refuse is refused here, with a reason: the
 * kernel's answer to all of them is EINVAL.
 */
#include "07-caps/userns.h"

#include "habits/error.h"
#include "07-caps/beyond/id.h"

static const char map_hint[] =
	"give INSIDE:OUTSIDE:COUNT in numbers, such as 0:2000000000:65536";

/* The next of the three numbers, then `separator`.  NULL: malformed. */
static const char *userns_parse_number(const char *text, uint32_t *number,
				       char separator)
{
	const char *end = text ? id_parse(text, number) : NULL;

	return end && *end == separator ? end + 1 : NULL;
}

/*
 * a and b are the first ids of x and y on one side; 64 bits, for a map may end
 * at the highest number.
 */
static bool userns_overlaps(uint32_t a, uint32_t b, const struct id_map *x,
			    const struct id_map *y)
{
	return a < (uint64_t)b + y->count && b < (uint64_t)a + x->count;
}

/* Add a line; the kernel refuses two that share an id on either side. */
static int userns_parse_map(struct id_maps *maps, const char *name,
			    const char *value)
{
	const char *rest = value;
	struct id_map new, *map = maps->table;

	rest = userns_parse_number(rest, &new.inside, ':');
	rest = userns_parse_number(rest, &new.outside, ':');
	rest = userns_parse_number(rest, &new.count, '\0');
	if (!rest || new.count == 0 || new.count > UINT32_MAX - new.inside ||
	    new.count > UINT32_MAX - new.outside)
		return error_input(map_hint, "option --%s: \"%s\" is not a map",
				   name, value);
	for (; map->count; map++)
		if (userns_overlaps(new.inside, map->inside, &new, map) ||
		    userns_overlaps(new.outside, map->outside, &new, map))
			return error_input("an id is mapped once, on each side",
					   "option --%s: %s overlaps %u:%u:%u",
					   name, value, map->inside,
					   map->outside, map->count);
	if (map - maps->table == USERNS_MAPS_MAX - 1)
		return error_input(NULL, "option --%s: more than %d lines",
				   name, USERNS_MAPS_MAX - 1);
	*map = new;
	return 0;
}

/* A map implies the namespace: --userns need not be said as well. */
static int userns_parse_uids(void *field, const char *name, const char *value)
{
	struct userns *userns = field;

	userns->enabled = true;
	return userns_parse_map(&userns->uids, name, value);
}

static int userns_parse_gids(void *field, const char *name, const char *value)
{
	struct userns *userns = field;

	userns->enabled = true;
	return userns_parse_map(&userns->gids, name, value);
}

const struct option_entry userns_options[] = {
	{ 'U', "userns", NULL, "a user namespace: root only inside",
	  option_flag, offsetof(struct userns, enabled) },
	{ 0, "uid-map", "IN:OUT:COUNT", "users of the user namespace",
	  userns_parse_uids, 0 },
	{ 0, "gid-map", "IN:OUT:COUNT", "groups (root: as --uid-map)",
	  userns_parse_gids, 0 },
	{ 0 },
};
