#include "call/roles.h"

#include <string.h>

#include "base/arena.h"

static const struct {
    const char *name;
    unsigned roles;
    bool passkey;
} powers[POWER_END] = {
#define X(power_, name_, roles_, passkey_) [POWER_##power_] = {#name_, roles_, passkey_},
    POWERS(X)
#undef X
};

static const struct {
    const char *name;
    unsigned bit;
} roles_all[ROLES_MAX] = {
#define X(role_, name_) {#name_, ROLE_##role_},
    ROLES(X)
#undef X
};

static bool is_power(enum power power)
{
    return power > POWER_NONE && power < POWER_END;
}

bool roles_may(unsigned roles, enum power power)
{
    return is_power(power) && (powers[power].roles & roles) != 0;
}

bool roles_passkey(enum power power)
{
    return is_power(power) && powers[power].passkey;
}

const char *roles_power_name(enum power power)
{
    return is_power(power) ? powers[power].name : "";
}

unsigned roles_named(const char *name)
{
    for (size_t i = 0; i < COUNT(roles_all); i++) {
        if (strcmp(roles_all[i].name, name) == 0) {
            return roles_all[i].bit;
        }
    }
    return 0;
}

size_t roles_list(unsigned roles, const char *ret[ROLES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT(roles_all); i++) {
        if (roles & roles_all[i].bit) {
            ret[count++] = roles_all[i].name;
        }
    }
    return count;
}

size_t roles_powers(unsigned roles, const char *ret[POWER_END])
{
    size_t count = 0;
    for (enum power power = POWER_NONE + 1; power < POWER_END; power++) {
        if (roles_may(roles, power)) {
            ret[count++] = powers[power].name;
        }
    }
    return count;
}
