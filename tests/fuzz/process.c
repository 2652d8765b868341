/* Any file as what `exec --process FILE` is told to run. */
#include "tests/fuzz/input.h"

#include "10-full-container/config/spec.h"
#include "10-full-container/guard/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int dir = input_file("process.json", data, size);
	json_t *document = json_read_file(dir, "process.json");
	struct value root = { .value = document, .key = "process.json" };
	struct process process = { 0 };

	if (document)
		spec_read_process(&root, &process);
	process_free(&process);
	json_decref(document);
	return 0;
}
