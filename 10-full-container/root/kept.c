/*
 * The descriptor of a mount stays the mount's, whatever its place is called.
 * It is compared with what the path leads to before it is used: what config.json
 * has put over it would hide all that is done below.
 */
#include "10-full-container/root/kept.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/count.h"
#include "habits/error.h"
#include "10-full-container/guard/path.h"
#include "10-full-container/root/place.h"

static const char *const kept_places[] = { "/proc", "/sys", "/dev" };

/* What follows the place in the path; NULL: the path is not below it. */
static const char *kept_rest(const char *place, const char *path)
{
	size_t length = strlen(place);

	while (length > 1 && place[length - 1] == '/')
		length--;
	if (strncmp(path, place, length) != 0 || !strchr("/", path[length]))
		return NULL;
	return path + length;
}

static bool kept_is_whole(const char *rest)
{
	return rest && rest[strspn(rest, "/")] == '\0';
}

bool kept_is_place(const char *target)
{
	for (size_t i = 0; i < COUNT(kept_places); i++)
		if (kept_is_whole(kept_rest(kept_places[i], target)))
			return true;
	return false;
}

/* Of several the last one is on top; one on "/" hides all before it. */
static const struct oci_mount *kept_find(const struct oci_mount *volumes,
					 const char *path)
{
	const struct oci_mount *last = NULL;

	for (const struct oci_mount *v = volumes; v && v->mount.target; v++) {
		if (place_is_root(v->mount.target))
			last = NULL;
		if (v->is_kept && kept_rest(v->mount.target, path))
			last = v;
	}
	return path_has_dots(path) ? NULL : last;
}

int kept_base(const struct oci_mount *volumes, int root, const char **path)
{
	const struct oci_mount *kept = kept_find(volumes, *path);

	if (!kept)
		return root;
	*path = kept_rest(kept->mount.target, *path);
	if (kept_is_whole(*path))
		*path = "/";
	return kept->mount.fd;
}

int kept_check(const struct oci_mount *volumes, int root)
{
	for (size_t i = 0; i < COUNT(kept_places); i++) {
		const char *place = kept_places[i];
		const struct oci_mount *kept = kept_find(volumes, place);
		CLEANUP_CLOSE int fd =
			kept ? path_open_direct(root, place) : -1;

		if (kept && !place_is_same(fd, kept->mount.fd))
			return error_input("does somebody else change the "
					   "directory of the image?",
					   "find the mount on %s: its path "
					   "leads to something else by now",
					   place);
	}
	return 0;
}

int kept_cover(const struct oci_mount *volumes, const char *path, int mount)
{
	const struct oci_mount *kept = kept_find(volumes, path);

	if (!kept || !kept_is_whole(kept_rest(kept->mount.target, path)))
		return 0;
	if (dup3(mount, kept->mount.fd, O_CLOEXEC) < 0)
		return error_call(NULL, "keep the mount on %s", path);
	return 0;
}
