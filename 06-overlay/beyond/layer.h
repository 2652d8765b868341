/*
 * An image layer: changes as a tar archive.
 *
 * A device number and an extended attribute do not travel well, so the
 * archive says it by names, an idea of AUFS that Docker kept and OCI made a
 * standard (image-spec, layer.md):
 *
 *     .wh.NAME        NAME is deleted
 *     .wh..wh..opq    of what is below, nothing shows in this directory
 */
#pragma once

#include "06-overlay/beyond/diff.h"

/*
 * Write the changes as a layer of an OCI image, a tar archive, to the file
 * `out`.  In a process of its own: it becomes tar(1) and returns only on
 * failure.
 */
int layer_write(const struct changes *changes, int upper, int out);
