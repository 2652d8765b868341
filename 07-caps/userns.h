/*
 * User namespace: the same process is root inside and nobody outside.
 *
 * A map, written once from outside, says which user inside is which outside:
 *
 *     inside   0 ............ 65535        0
 *              |              |       or   |        (one line: yourself)
 *     outside  2000000000 ... +65535       1000
 *
 * Capabilities are held *in* a user namespace: they count for what belongs
 * to it (namespaces made with it or in it, files of mapped owners) and for
 * nothing else.  So an ordinary user may make one and have all of them in it.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "habits/options.h"

#define USERNS_MAPS_MAX 341 /* one more than the kernel takes, 4.15 */

/* `count` ids, from `inside` on, are those from `outside` on. */
struct id_map {
	uint32_t inside, outside, count;
};
struct id_maps {
	struct id_map table[USERNS_MAPS_MAX]; /* ends with a count of 0 */
};
struct userns {
	bool enabled;
	struct id_maps uids, gids;
};

extern const struct option_entry userns_options[];

/*
 * In the parent, before there is a child: say so if this system or the lack
 * of a capability will stop us, and choose maps where none were given.  An
 * ordinary user can map just one id, his own: it is `uid` and `gid` inside.
 */
int userns_plan(struct userns *userns, uid_t uid, gid_t gid);

/* In the parent, the child waits: write the maps of `pid`. */
int userns_map(const struct userns *userns, pid_t pid);

/*
 * In the parent, the child waits: let these directories (the list ends with
 * NULL) belong to its root, as it sees them, by an id-mapped mount (Linux
 * 5.12, not every filesystem).  The disk stays as it is.  Only for root.  The
 * second does it for the directory that `path` is in; for NULL nothing.
 */
int userns_own(const struct userns *userns, pid_t pid, const char **paths);
int userns_own_around(const struct userns *userns, pid_t pid, const char *path);

/*
 * In the child: from the unmapped id 65534, who can create nothing, to uid and
 * gid 0 (or the first ones mapped).
 */
int userns_enter(const struct userns *userns);
