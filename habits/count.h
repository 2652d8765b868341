/* How many rows a table has. */
#pragma once

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
