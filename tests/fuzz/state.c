/* Any file as the state.json of a container, and all that is asked of it. */
#include "tests/fuzz/input.h"

#include <stdlib.h>

#include "10-full-container/guard/json.h"
#include "10-full-container/life/status.h"
#include "10-full-container/talk/state.h"
#include "10-full-container/talk/state_process.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum status status;
	pid_t pid;
	struct state state = { .id = "box", .parent = -1, .owner = -1 };

	state.dir = input_file("state.json", data, size);
	state.json = json_read_file(state.dir, "state.json");
	if (state.json) {
		state_pid(&state, &pid);
		if (status_of(&state, &status) == 0)
			free(status_describe(&state, status));
	}
	json_decref(state.json);
	return 0;
}
