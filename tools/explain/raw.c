/*
 * As strace(1) does it, but only for calls that are steps, and with shapes in
 * place of all that it knows of arguments.
 */
#include "tools/explain/raw.h"

#include <inttypes.h>
#include <string.h>

#include "tools/explain/calls.h"
#include "tools/explain/text.h"

#define TEXT_SHOWN 60

static void raw_argument(FILE *out, const struct call *call, int i)
{
	uint64_t value = call->argument[i];
	char text[CALL_TEXT];

	switch (call->row->shape[i]) {
	case 's':
		call_text(call, i, text);
		if (value)
			fprintf(out, "\"%.*s\"%s", text_fits(text, TEXT_SHOWN),
				text, strlen(text) > TEXT_SHOWN ? "..." : "");
		else
			fputs("NULL", out);
		break;
	case 'd':
	case 'f':
		fprintf(out, "%" PRId32, (int32_t)value);
		break;
	default:
		fprintf(out, "0x%" PRIx64, value);
	}
}

void raw_keep(struct call *call)
{
	FILE *out = fmemopen(call->raw, sizeof(call->raw), "w");

	if (!out)
		return;
	for (int i = 0; call->row->shape[i]; i++) {
		if (i)
			fputs(", ", out);
		raw_argument(out, call, i);
	}
	fclose(out);
}

void raw_print(FILE *out, const struct call *call)
{
	fprintf(out, "%-7d %s(%s) = ", call->tid, call->row->name, call->raw);
	if (call->result < 0)
		fprintf(out, "-1 %s\n", step_error(&call->step));
	else
		fprintf(out, "%" PRId64 "\n", call->result);
}
