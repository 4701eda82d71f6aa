#ifndef FEATURES_AGES_INNER_H
#define FEATURES_AGES_INNER_H

/* What the files of this folder share; nobody else includes it.  tools/data.py makes the tables. */

struct data_age {
    char country[3];
    int age;
};
extern const struct data_age data_ages[]; /* ends with an empty row */
extern const int data_minimum_age;
extern const char *const data_ages_checked; /* "YYYY-MM-DD" */

#endif
