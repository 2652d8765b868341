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
static int spec_check_version(const struct value *value, void *spec)
{
	const char *text;

	(void)spec;
	if (value_item_string(value, &text) < 0)
		return -1;
	return strncmp(text, "1.", 2) == 0
		       ? 0
		       : value_complain(value, "a version 1.x");
}

/* They are only passed on, but as what they are said to be. */
static int spec_check_annotations(const struct value *annotations, void *spec)
{
	const char *text;

	(void)spec;
	if (value_item_object(annotations) < 0)
		return -1;
	for (void *i = value_first(annotations); i;
	     i = value_next(annotations, i)) {
		struct value member = value_at(annotations, i);

		if (value_item_string(&member, &text) < 0)
			return -1;
		if (!member.key[0])
			return value_complain(&member, "possible: its key is "
						       "empty");
	}
	return 0;
}

/* A path in the bundle, unless it starts with "/". */
static int spec_read_root_path(const struct value *value, void *field)
{
	struct spec *spec = field;
	const char *path;

	if (value_item_string(value, &path) < 0)
		return -1;
	if (asprintf(&spec->root.path, "%s%s%s",
		     path[0] == '/' ? "" : spec->bundle,
		     path[0] == '/' ? "" : "/", path) < 0)
		return error_call(NULL, "read root.path");
	return 0;
}

static const struct member root_members[] = {
	{ "path", .read = spec_read_root_path, .presence = REQUIRED },
	{ "readonly", member_bool, SPEC_AT(root.is_readonly) },
	{ 0 },
};

static const struct member spec_members[] = {
	{ "ociVersion", .read = spec_check_version, .presence = REQUIRED },
	{ "annotations", .read = spec_check_annotations },
	{ "root", member_object, .presence = REQUIRED, .more = root_members },
	{ "process", spec_read_process, SPEC_AT(process) },
	{ "mounts", .read = spec_read_mounts },
	{ "hooks", hooks_read, SPEC_AT(hooks) },
	{ "linux", .read = spec_read_linux },
	{ "hostname", member_string, SPEC_AT(uts.hostname) },
	{ "domainname", member_string, SPEC_AT(uts.domainname) },
	{ 0 },
};

/* sethostname(2) acts on the namespace one is in, whosever it is. */
static int spec_check_uts(const struct spec *spec)
{
	int has;

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
	if (members_read(root, spec_members, spec) < 0 ||
	    spec_check_linux(spec) < 0 || spec_finish_mounts(spec, root) < 0)
		return -1;
	return spec_check_uts(spec);
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

static const struct member hooks_only[] = {
	{ "hooks", hooks_read, SPEC_AT(hooks) },
	{ 0 },
};

/*
 * For the verbs after `create`: what is left to do is to run hooks.  All else
 * was read, checked and done when the container was made.
 */
int spec_read_later(struct spec *spec, int dir, const char *bundle)
{
	struct value root;

	if (spec_load(spec, dir, bundle, &root) < 0)
		return -1;
	return members_read(&root, hooks_only, spec);
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
