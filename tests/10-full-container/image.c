#include "tests/10-full-container/image.h"

/* With what a container would make in it: then it only reads the image. */
void make_image(void)
{
	shell("mkdir -p " IMAGE " " LAYER
	      "/etc && cp -a --no-preserve=ownership %s/. " IMAGE " && "
	      "cd " IMAGE " && echo image > etc/motd && mkdir -p data/sub && "
	      "echo one > data/one && echo two > data/sub/two && "
	      "mkdir -p proc sys dev && echo layer > " LAYER "/etc/motd && "
	      "echo added > " LAYER "/added",
	      rootfs());
}

void remove_image(void)
{
	shell("rm -rf " IMAGE " " LAYER " " UPPER);
}
