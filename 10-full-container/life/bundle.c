/*
 * The engine wrote it for us and may change or remove it at any time after
 * `create`.  All later verbs read the copy that is made here.
 */
#include "10-full-container/life/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/guard/json.h"
#include "10-full-container/root/hide_host.h"
#include "10-full-container/talk/engine.h"

static const struct hint config_hints[] = {
	{ ENOENT, "a bundle is a directory with a config.json: `spec --bundle "
		  "DIR` writes one; --bundle says which it is" },
	{ 0, NULL },
};

/*
 * The text of config.json as it is now: later changes must not matter.  With
 * --config another file is in its place, by a path as any program takes it.
 */
static int bundle_copy_config(int from, const char *bundle, const char *other,
			      int to)
{
	CLEANUP_FREE char *file = NULL;
	CLEANUP_CLOSE int in =
		openat(other ? AT_FDCWD : from, other ? other : "config.json",
		       O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	CLEANUP_CLOSE int out =
		openat(to, "config.json",
		       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct stat status;
	ssize_t length, all = 0;

	if ((other ? asprintf(&file, "%s", other)
		   : asprintf(&file, "config.json in the bundle %s", bundle)) <
	    0)
		return error_call(NULL, "name the bundle");
	if (in < 0 || fstat(in, &status) < 0)
		return error_call(other ? NULL : config_hints, "open %s", file);
	if (!S_ISREG(status.st_mode))
		return error_input(NULL, "%s is not a file", file);
	if (out < 0)
		return error_call(NULL, "make a copy of config.json");
	/* One that is too large is refused when the copy is read. */
	while (all <= JSON_SIZE_MAX &&
	       (length = sendfile(out, in, NULL, JSON_SIZE_MAX)) > 0)
		all += length;
	if (all > JSON_SIZE_MAX)
		return 0;
	if (length != 0)
		return error_call(NULL, "copy %s", file);
	return 0;
}

/*
 * The path without links goes into the state, as the specification wants it:
 * absolute, and still right if the caller's directory is another one.
 */
static int bundle_read_spec(struct container *c, const char *bundle)
{
	CLEANUP_FREE char *path = realpath(bundle, NULL);
	CLEANUP_CLOSE int dir = -1;

	if (path)
		dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return error_call(NULL, "open the bundle %s", bundle);
	if (bundle_copy_config(dir, path, c->request->config, c->state.dir) < 0)
		return -1;
	if (spec_read(&c->spec, c->state.dir, path) < 0)
		return -1;
	return c->request->no_pivot && namespaces_flags(&c->spec.namespaces) &
					       CLONE_NEWUSER
		       ? hide_host_check(&c->spec.process.caps)
		       : 0;
}

/* What `delete` needs to know is written before there is anything. */
static int bundle_note(struct container *c)
{
	json_t *annotations = json_object_get(c->spec.document, "annotations");

	json_object_set_new(c->state.json, "bundle",
			    json_string(c->spec.bundle));
	json_object_set_new(c->state.json, "attached",
			    json_boolean(c->is_attached && !c->request->keep));
	json_object_set_new(c->state.json, "keepsKeyring",
			    json_boolean(c->request->keeps_keyring));
	if (c->request->no_pivot)
		json_object_set_new(c->state.json, "noPivot", json_true());
	json_object_set_new(c->state.json, "created",
			    json_integer((json_int_t)time(NULL)));
	if (annotations)
		json_object_set(c->state.json, "annotations", annotations);
	if (maker_note(&c->manager, &c->cgroup, &c->state) < 0)
		return -1;
	return state_save(&c->state);
}

/*
 * First of all that `create` does: what is wrong with the bundle is found
 * while there is nothing but a directory with a copy in it.
 */
int bundle_take(struct container *c, const char *path)
{
	const char *maker = c->request->systemd ? "systemd" : "cgroupfs";

	if (c->request->manager)
		maker = c->request->manager;
	if (bundle_read_spec(c, path) < 0 ||
	    maker_choose(&c->manager, &c->spec, c->state.id, maker) < 0)
		return -1;
	log_step("read config.json in %s", c->spec.bundle);
	return bundle_note(c);
}
