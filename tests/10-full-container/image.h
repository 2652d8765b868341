/* An image for stage 06: a root file system of a test's own. */
#pragma once

#include "tests/runner/helpers.h"

#define IMAGE "/run/image"
#define LAYER "/run/layer" /* a second one */
#define UPPER "/run/upper"

/* The stage before takes it as its root directory. */
#define ON_IMAGE on_ladder() ? "--rootfs" : "--layer", IMAGE

void make_image(void);

/* All three. */
void remove_image(void);
