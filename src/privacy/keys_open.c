#include "privacy/keys_back.h"

/* Chooses where keys are kept: stands above both places. */
enum err keys_open(const struct keys_options *options, struct keys **ret,
                   char ret_why[KEYS_WHY_MAX])
{
    struct key_back *back = NULL;
    bool pg = options->url && *options->url;
    TRY(pg ? keys_pg_open(options, &back, ret_why) : keys_file_open(options, &back, ret_why));
    return keys_start(options, back, ret, ret_why);
}
