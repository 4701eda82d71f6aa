#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/notes.h"

/* A disk without room: who calls is told so, and so is whoever watches the server. */

static atomic_bool disk_full;

ssize_t pwrite64(int file, const void *bytes, size_t len, off64_t at);

/* Stands before the C library's: libsqlite3 calls it. */
ssize_t pwrite64(int file, const void *bytes, size_t len, off64_t at)
{
    if (atomic_load(&disk_full)) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwrite64, file, bytes, len, at);
}

/* PostgreSQL's disk is not ours to fill: it says what it says then. */
static void fill(struct world *w)
{
    if (w->store.pg) {
        world_script(w, "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS"
                        " $f$ BEGIN RAISE 'no room' USING ERRCODE = '53100'; END $f$;"
                        "CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON meta"
                        " FOR EACH ROW EXECUTE FUNCTION no_room()");
    }
    atomic_store(&disk_full, !w->store.pg);
}

static void make_room(struct world *w)
{
    atomic_store(&disk_full, false);
    if (w->store.pg) {
        world_script(w, "DROP TRIGGER no_room ON meta; DROP FUNCTION no_room()");
    }
}

static void a_full_disk_is_said_to_members_and_probes_until_a_write_is_done(struct world *w)
{
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    fill(w);
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 503, "store.full");
    assert_true(world_says(w, "disk is full"));
    notes_expect(w, ANA, "GET", "/api/t/notes/a", NULL, 200, ""); /* reading goes on */
    assert_int_equal(world_send(w, NOBODY, "GET", "/readyz", NULL), 503);
    assert_true(world_says(w, "disk is full"));
    make_room(w);
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    notes_expect(w, NOBODY, "GET", "/readyz", NULL, 200, "");
    store_fail_at(w->store.store, 1, ERR_BUSY); /* what is busy for once is tried again */
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_full_disk_is_said_to_members_and_probes_until_a_write_is_done),
    };
    const struct world_options options = {.features = notes_features};
    return world_run(&options, tests, COUNT(tests));
}
