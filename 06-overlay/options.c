/* What the options of the layers understand. */
#include "01-uts/error.h"
#include "06-overlay/overlay.h"

static int overlay_parse_layer(void *field, const char *name, const char *value)
{
	const char **layers = field;
	int count = 0;

	while (layers[count])
		count++;
	if (count == OVERLAY_LAYERS)
		return error_input(
			NULL, "option --%s: at most %d layers can be given",
			name, OVERLAY_LAYERS);
	layers[count] = value;
	return 0;
}

const struct option_entry overlay_options[] = {
	{ 'l', "layer", "DIR", "a layer of /, the lowest first; none changes",
	  overlay_parse_layer, offsetof(struct overlay, layers) },
	{ 0, "upper", "DIR", "keep what changes in DIR (default: lose it)",
	  option_string, offsetof(struct overlay, upper) },
	{ 'd', "diff", NULL, "say at the end what changed: A, C or D",
	  option_flag, offsetof(struct overlay, diff) },
	{ 0, "commit", "FILE", "write what changed to a tar, an image layer",
	  option_string, offsetof(struct overlay, commit) },
	{ 0 },
};
