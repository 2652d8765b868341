/*
 * What the options of the layers understand.
 *
 * Paths are only noted here.  They are opened in the child, in its mount
 * table, since the kernel takes no layer from another one.
 */
#include "habits/error.h"
#include "06-overlay/overlay.h"

/*
 * The first is the lowest, as in an image's manifest; the kernel's lowerdir=
 * has them the other way round.
 */
static int overlay_parse_layer(void *field, const char *name, const char *value)
{
	const char **layers = field;
	int count = 0;

	while (layers[count])
		count++;
	if (count == OVERLAY_LAYERS_MAX)
		return error_input("put several layers into one directory",
				   "option --%s: the kernel takes at most %d "
				   "layers",
				   name, OVERLAY_LAYERS_MAX);
	layers[count] = value;
	return 0;
}

const struct option_entry overlay_options[] = {
	{ 'l', "layer", "DIR", "a layer of /, lowest first; only read",
	  overlay_parse_layer, offsetof(struct overlay, layers) },
	{ 0, "upper", "DIR", "takes the changes (default: a tmpfs)",
	  option_string, offsetof(struct overlay, upper) },
	{ 'd', "diff", NULL, "say what was Added, Changed, Deleted",
	  option_flag, offsetof(struct overlay, diff) },
	{ 0, "commit", "FILE", "write the changes as an image layer",
	  option_string, offsetof(struct overlay, commit) },
	{ 0 },
};
