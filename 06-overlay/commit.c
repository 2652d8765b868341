/*
 * From the upper directory to an image layer: `docker commit`'s idea.
 *
 * A layer is a tar archive of what changed.  Neither device numbers nor
 * extended attributes travel well, so there an empty file ".wh.NAME" stands
 * for a deleted NAME, and ".wh..wh..opq" in a directory for an opaque one
 * (OCI image specification, layer.md).  We put these files in place of
 * overlayfs's marks, and have tar(1) do the rest.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "01-uts/child.h"
#include "01-uts/cleanup.h"
#include "01-uts/error.h"
#include "06-overlay/internal.h"

static int overlay_touch(int dir, const char *name)
{
	CLEANUP_CLOSE int fd = openat(
		dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd < 0 ? error_call(NULL, "make the mark %s", name) : 0;
}

static int overlay_mark_deleted(int dir, const char *name)
{
	CLEANUP_FREE char *mark = NULL;

	if (asprintf(&mark, ".wh.%s", name) < 0 || unlinkat(dir, name, 0) < 0)
		return error_call(NULL, "replace the whiteout of %s", name);
	return overlay_touch(dir, mark);
}

static int overlay_mark(int dir);

static int overlay_mark_entry(int dir, const char *name)
{
	CLEANUP_CLOSE int below = -1;

	if (overlay_is_whiteout(dir, name))
		return overlay_mark_deleted(dir, name);
	below = openat(dir, name,
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return below < 0 ? 0 : overlay_mark(below);
}

static int overlay_mark(int dir)
{
	struct dirent **entries;
	int count = scandirat(dir, ".", &entries, NULL, NULL), result = 0;

	if (count < 0)
		return error_call(NULL, "read a changed directory");
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (result == 0 && strcmp(name, ".") != 0 &&
		    strcmp(name, "..") != 0)
			result = overlay_mark_entry(dir, name);
		free(entries[i]);
	}
	free(entries);
	if (result == 0 && overlay_is_opaque(dir))
		result = overlay_touch(dir, ".wh..wh..opq");
	return result;
}

/* In a process of its own: become tar, with the directory open. */
static int overlay_become_tar(int upper, const char *file)
{
	char directory[32];
	const char *command[] = { "tar",         "--numeric-owner",
				  "--sort=name", "-C",
				  directory,     "-cf",
				  file,          ".",
				  NULL };

	snprintf(directory, sizeof(directory), "/proc/self/fd/%d",
		 dup(upper)); /* the copy stays open in tar */
	return child_exec((char **)(uintptr_t)command);
}

int overlay_commit(const struct overlay *overlay, int upper)
{
	int wait_status = -1;
	pid_t pid;

	if (overlay_mark(upper) < 0)
		return -1;
	pid = fork();
	if (pid < 0)
		return error_call(NULL, "fork for tar");
	if (pid == 0)
		_exit(overlay_become_tar(upper, overlay->commit));
	while (waitpid(pid, &wait_status, 0) < 0 && errno == EINTR)
		;
	if (child_status(wait_status) != 0)
		return error_input(NULL, "write the layer %s: tar failed",
				   overlay->commit);
	return 0;
}
