/*
 * config.json, from its top: which part is read by whom, and in which order.
 *
 * The order matters twice.  Namespaces come before all that is only possible
 * in one of the container's own (a host name, kernel parameters), and mounts
 * are finished when it is known whether there is a user namespace.
 */
#include "10-full-container/config/spec.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "habits/cleanup.h"
#include "habits/error.h"
#include "10-full-container/guard/json.h"
#include "10-full-container/process/listener.h"

/* Any 1.x can be read: what is newer than we know does not change the old. */
static int spec_check_version(const struct value *root)
{
	struct value version = { .parent = root, .key = "ociVersion" };
	const char *text = NULL;

	version.value = json_object_get(root->value, "ociVersion");
	if (value_require(root, "ociVersion") < 0 ||
	    value_string(root, "ociVersion", &text) < 0)
		return -1;
	if (strncmp(text, "1.", 2) != 0)
		return value_complain(&version, "a version 1.x");
	return 0;
}

/* A path in the bundle, unless it starts with "/"; free() it. */
static char *spec_absolute(const struct spec *spec, const char *path)
{
	char *absolute = NULL;

	if (path[0] == '/')
		return strdup(path);
	if (asprintf(&absolute, "%s/%s", spec->bundle, path) < 0)
		return NULL;
	return absolute;
}

/* root.path may be relative to the bundle. */
static int spec_read_root(struct spec *spec, const struct value *root)
{
	struct value node;
	const char *path = NULL;

	if (value_require(root, "root") < 0 ||
	    value_object(root, "root", &node) < 0 ||
	    value_require(&node, "path") < 0 ||
	    value_string(&node, "path", &path) < 0 ||
	    value_bool(&node, "readonly", &spec->root.is_readonly) < 0)
		return -1;
	spec->root.path = spec_absolute(spec, path);
	return spec->root.path ? 0 : error_call(NULL, "read root.path");
}

/* They are only passed on, but as what they are said to be. */
static int spec_check_annotations(const struct value *root)
{
	struct value annotations;
	const char *value;

	if (value_object(root, "annotations", &annotations) < 0)
		return -1;
	for (void *i = value_first(&annotations); i;
	     i = value_next(&annotations, i)) {
		struct value member = value_at(&annotations, i);

		if (value_item_string(&member, &value) < 0)
			return -1;
		if (!member.key[0])
			return value_complain(&member, "possible: its key is "
						       "empty");
	}
	return 0;
}

/* sethostname(2) acts on the namespace one is in, whosever it is. */
static int spec_read_uts(struct spec *spec, const struct value *root)
{
	int has;

	if (value_string(root, "hostname", &spec->uts.hostname) < 0 ||
	    value_string(root, "domainname", &spec->uts.domainname) < 0)
		return -1;
	if (!spec->uts.hostname && !spec->uts.domainname)
		return 0;
	has = namespaces_has(&spec->namespaces, CLONE_NEWUTS);
	if (has < 0)
		return -1;
	if (!has)
		return error_input("add {\"type\": \"uts\"} to "
				   "linux.namespaces",
				   "config.json: hostname: without a UTS "
				   "namespace it would be the host's");
	return 0;
}

/* "process" may be absent: such a container can be created and not started. */
static int spec_read_all(struct spec *spec, const struct value *root)
{
	struct value process;

	if (spec_check_version(root) < 0 || spec_check_annotations(root) < 0)
		return -1;
	if (spec_read_root(spec, root) < 0 ||
	    value_object(root, "process", &process) < 0)
		return -1;
	if (process.value && spec_read_process(&spec->process, &process) < 0)
		return -1;
	if (spec_read_mounts(spec, root) < 0 ||
	    hooks_read(spec->hooks, root) < 0 ||
	    spec_read_linux(spec, root) < 0 ||
	    spec_finish_mounts(spec, root) < 0)
		return -1;
	return spec_read_uts(spec, root);
}

/* The document; its root node gets the file's name, for messages. */
static int spec_load(struct spec *spec, int dir, const char *bundle,
		     struct value *root)
{
	*spec = (struct spec){ 0 };
	spec->bundle = strdup(bundle);
	spec->document = json_read_file(dir, "config.json");
	*root = (struct value){ .value = spec->document, .key = "config.json" };
	return spec->bundle && spec->document ? value_item_object(root) : -1;
}

/* `dir` is the state's directory, where the copy of config.json is. */
int spec_read(struct spec *spec, int dir, const char *bundle)
{
	struct value root;

	if (spec_load(spec, dir, bundle, &root) < 0)
		return -1;
	return spec_read_all(spec, &root);
}

/*
 * For the verbs after `create`: what is left to do is to run hooks.  All else
 * was read, checked and done when the container was made.
 */
int spec_read_later(struct spec *spec, int dir, const char *bundle)
{
	struct value root;

	if (spec_load(spec, dir, bundle, &root) < 0)
		return -1;
	return hooks_read(spec->hooks, &root);
}

/*
 * Strings belong to the document, except for those that had to be put together:
 * those are freed here.  Safe for one that was read only in part.
 */
void spec_free(struct spec *spec)
{
	for (struct oci_mount *v = spec->root.mounts; v && v->mount.target;
	     v++) {
		free(v->data);
		free(v->owners);
		free(v->target);
		free((char *)v->mount.source);
	}
	for (int kind = 0; kind < HOOK_KINDS; kind++)
		hooks_free(spec->hooks[kind]);
	process_free(&spec->process);
	rdt_free(&spec->rdt);
	net_devices_free(spec->net_devices);
	free(spec->root.mounts);
	free(spec->root.devices);
	free(spec->root.masked);
	free(spec->root.readonly);
	free(spec->sysctls);
	free(spec->filter.program.filter);
	listener_free(&spec->filter);
	limits_free(&spec->resources);
	free(spec->root.path);
	free(spec->bundle);
	json_decref(spec->document);
	*spec = (struct spec){ 0 };
}
