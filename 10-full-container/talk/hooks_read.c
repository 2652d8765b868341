/*
 * hooks: six lists of programs.
 *
 * Read by `create`, and again by `start` and `delete`: each of these runs its
 * kinds, from the copy of config.json that `create` has made.
 */
#include <limits.h>
#include <stdlib.h>

#include "habits/error.h"
#include "10-full-container/config/spec.h"

/*
 * The path is the runtime's or the container's, depending on the kind;
 * absolute in any case.  The timeout is in seconds.
 */
static int spec_read_hook(struct hook *hook, const struct value *node)
{
	int64_t timeout = 0;

	if (value_item_object(node) < 0 || value_require(node, "path") < 0 ||
	    value_absolute(node, "path", &hook->path) < 0 ||
	    value_strings(node, "args", &hook->args) < 0 ||
	    value_strings(node, "env", &hook->env) < 0 ||
	    value_integer(node, "timeout", 1, INT_MAX / 1000, &timeout) < 0)
		return -1;
	hook->timeout = (int)timeout;
	return 0;
}

/*
 * No list, or an empty one: NULL, so that the callers can ask for hooks at
 * all.
 */
static int spec_read_kind(struct spec *spec, const struct value *node, int kind)
{
	struct value array, item;

	if (value_array(node, hook_names[kind], &array) < 0)
		return -1;
	if (value_count(&array) == 0)
		return 0;
	spec->hooks[kind] =
		calloc(value_count(&array) + 1, sizeof(struct hook));
	if (!spec->hooks[kind])
		return error_call(NULL, "read the hooks");
	for (size_t i = 0; i < value_count(&array); i++) {
		item = value_item(&array, i);
		if (spec_read_hook(&spec->hooks[kind][i], &item) < 0)
			return -1;
	}
	return 0;
}

int spec_read_hooks(struct spec *spec, const struct value *root)
{
	struct value node;

	if (value_object(root, "hooks", &node) < 0)
		return -1;
	for (int kind = 0; kind < HOOK_KINDS; kind++)
		if (spec_read_kind(spec, &node, kind) < 0)
			return -1;
	return 0;
}

void hooks_free(struct hook *hooks)
{
	for (struct hook *hook = hooks; hook && hook->path; hook++) {
		free(hook->args);
		free(hook->env);
	}
	free(hooks);
}
