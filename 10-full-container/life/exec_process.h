/* What exec is to run. */
#pragma once

#include "10-full-container/config/request.h"
#include "10-full-container/config/spec.h"

/*
 * As the file says (--process), which *document keeps; or the container's own
 * process, which is taken out of `spec`, with the changes of the options.
 */
int exec_process(struct process *process, const struct request *request,
		 struct spec *spec, json_t **document);
