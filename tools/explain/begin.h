/* How it begins: the command is started, or a process is joined. */
#pragma once

#include "tools/explain/events.h"

/* Its first call is the one by which it becomes the command. */
int begin_command(struct trace *trace, const sigset_t *usual);

/* Why is it not the command?  126 or 127, as a shell says it, after a message. */
int begin_failed(const struct order *order);

/* All threads of a process that runs. */
int begin_attach(struct trace *trace);

/* Leave all that were joined; they run on. */
void begin_detach(void);
