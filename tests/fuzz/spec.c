/* Any file as config.json: it is refused with a message, or it is read. */
#include "tests/fuzz/input.h"

#include "10-full-container/config/spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int dir = input_file("config.json", data, size);
	struct spec spec;

	/* What is left after a failure has to be free() alike. */
	spec_read(&spec, dir, "/bundle");
	spec_free(&spec);
	spec_read_later(&spec, dir, "/bundle");
	spec_free(&spec);
	return 0;
}
