/*
 * What changed: everything that is in the upper directory.
 *
 * Each entry was added, changed or deleted, and which of them it was, only
 * the layers below can tell.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "06-overlay/internal.h"

bool overlay_is_whiteout(int dir, const char *name)
{
	struct stat status;

	return fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISCHR(status.st_mode) && status.st_rdev == makedev(0, 0);
}

/* Inside a user namespace the attribute is a "user" one (userxattr). */
bool overlay_is_opaque(int dir)
{
	char value = '\0';

	if (fgetxattr(dir, "trusted.overlay.opaque", &value, 1) == 1 ||
	    fgetxattr(dir, "user.overlay.opaque", &value, 1) == 1)
		return value == 'y';
	return false;
}

/*
 * What one layer says about a path: YES, it is there; NO, it is not, and what
 * lower layers have is hidden; or nothing at all.
 */
enum overlay_answer { OVERLAY_SILENT = -1, OVERLAY_NO, OVERLAY_YES };

static enum overlay_answer overlay_absent_from(int dir)
{
	return overlay_is_opaque(dir) ? OVERLAY_NO : OVERLAY_SILENT;
}

static enum overlay_answer overlay_look_in(int dir, const char *path)
{
	CLEANUP_FREE char *copy = strdup(path);
	CLEANUP_CLOSE int at = dup(dir);
	char *rest = copy, *name;
	int next;

	while (copy && (name = strsep(&rest, "/")) != NULL) {
		if (overlay_is_whiteout(at, name))
			return OVERLAY_NO;
		if (faccessat(at, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			return overlay_absent_from(at);
		if (!rest)
			return OVERLAY_YES;
		next = openat(at, name,
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return OVERLAY_NO; /* a file hides a directory */
		close(at);
		at = next;
	}
	return OVERLAY_NO;
}

bool overlay_exists_below(const struct overlay *overlay, const char *path)
{
	enum overlay_answer answer;
	int count = 0;

	while (overlay->layers[count])
		count++;
	while (count-- > 0) {
		CLEANUP_CLOSE int layer =
			open(overlay->layers[count],
			     O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		answer = layer < 0 ? OVERLAY_SILENT
				   : overlay_look_in(layer, path);
		if (answer != OVERLAY_SILENT)
			return answer == OVERLAY_YES;
	}
	return false;
}

static int overlay_by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int overlay_not_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 &&
	       strcmp(entry->d_name, "..") != 0;
}

static int overlay_diff_directory(const struct overlay *overlay, int dir,
				  const char *path);

static int overlay_diff_entry(const struct overlay *overlay, int dir,
			      const char *path, const char *name)
{
	CLEANUP_FREE char *full = NULL;
	CLEANUP_CLOSE int below = -1;
	char kind = 'A';

	if (asprintf(&full, "%s/%s", path, name) < 0)
		return error_call(NULL, "remember the path of %s", name);
	if (overlay_is_whiteout(dir, name))
		kind = 'D';
	else if (overlay_exists_below(overlay, full + 1))
		kind = 'C';
	printf("%c %s\n", kind, full);
	below = openat(dir, name,
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (below < 0) /* not a directory */
		return 0;
	return overlay_diff_directory(overlay, below, full);
}

static int overlay_diff_directory(const struct overlay *overlay, int dir,
				  const char *path)
{
	struct dirent **entries;
	int result = 0, count;

	count = scandirat(dir, ".", &entries, overlay_not_dots,
			  overlay_by_name);
	if (count < 0)
		return error_call(NULL, "read the changed directory %s/", path);
	for (int i = 0; i < count; i++) {
		if (result == 0)
			result = overlay_diff_entry(overlay, dir, path,
						    entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return result;
}

int overlay_diff(const struct overlay *overlay, int upper)
{
	int result = overlay_diff_directory(overlay, upper, "");

	fflush(stdout);
	return result;
}
