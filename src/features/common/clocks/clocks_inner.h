#ifndef FEATURES_CLOCKS_INNER_H
#define FEATURES_CLOCKS_INNER_H

#include "features/common/clocks/clocks.h"

/* For tools/data.py, which makes the tables, and the test of their age. */
extern const char *const data_clocks_written, *const data_authorities_written; /* "YYYY-MM-DD" */

#endif
