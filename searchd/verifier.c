// SPDX-License-Identifier: GPL-2.0-or-later
#include "verifier.h"

#include <signpost/clock.h>
#include <signpost/printable.h>
#include <signpost/sums.h>
#include <signpost/verify.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Nanoseconds between two looks at the indexes. */
#define LOOK_NS 100000000
/* After a verification that took some time, databases that change in place wait this many times as
   long for the next, so that frequent runs do not keep a processor busy. */
#define REST 4
/* Microseconds after which a damaged database, and one that cannot be read, is verified again. */
#define DAMAGED_AGAIN 30000000
#define UNREADABLE_AGAIN 1000000
#define NICENESS 10

/* Which database it is, whatever its content. */
struct identity {
    char name[SP_DATABASE_NAME_MAX];
    uint64_t device, inode;
};

struct watched {
    const char *path;
    /* The mutex guards these members. Only the thread writes the last two, and reads them without
       the mutex. */
    struct identity admitted; /* readers may open this database */
    uint64_t choice;          /* sp_verifier_choose; 0: none is admitted */
    int folder;               /* the admitted database, open, so that its inode is not used again */
    bool damaged;             /* the last verdict on the admitted database */
    struct identity verified; /* by the last verification, with this result */
    enum sp_status result;
    /* The rest belongs to the thread. */
    sp_glass_version version; /* of the verified database; zero: not known */
    uint64_t rested, again;   /* sp_now_us when a change in place, and a fault, may be verified */
    enum sp_status found;     /* the result of the last look at the path */
    bool unverifiable;
    bool refused; /* the thread has said that queries are refused */
};

struct sp_verifier {
    pthread_t thread;
    pthread_mutex_t mutex; /* guards members of all indexes, and `choices` */
    pthread_cond_t wake;   /* signals `stop`, with `mutex` */
    atomic_bool stop, damaged;
    _Atomic uint64_t *changed;
    uint64_t choices; /* the last number of a choice */
    size_t count;
    struct watched indexes[];
};

static struct identity
identify(const sp_index_place *place)
{
    struct identity identity = {.device = place->device, .inode = place->inode};
    memcpy(identity.name, place->name, sizeof identity.name);
    return identity;
}

static bool
same(const struct identity *a, const struct identity *b)
{
    return a->device == b->device && a->inode == b->inode && strcmp(a->name, b->name) == 0;
}

/* Whether a verification ended with this result without showing damage. */
static bool
may_be_served(enum sp_status result)
{
    return result == SP_OK || result == SP_STALE;
}

/* What is admitted. The caller has locked the mutex. */

static void
drop(sp_verifier *verifier, struct watched *index)
{
    if (index->choice == 0)
        return;
    close(index->folder);
    index->choice = 0;
    index->damaged = false;
    atomic_fetch_add(verifier->changed, 1);
}

/* Readers look by themselves at a path that leads to a database in a single file, which cannot be
   verified. Returns false, and changes nothing, while no descriptor is free. */
static bool
admit(sp_verifier *verifier, struct watched *index, const sp_index_place *place)
{
    struct identity identity = identify(place);
    if (index->choice != 0 && same(&index->admitted, &identity))
        return true;
    int folder = place->single_file ? -1 : fcntl(place->folder, F_DUPFD_CLOEXEC, 0);
    if (folder < 0 && !place->single_file)
        return false;
    drop(verifier, index);
    if (place->single_file)
        return true;
    index->admitted = identity;
    index->folder = folder;
    index->choice = ++verifier->choices;
    index->damaged = index->result == SP_DAMAGED && same(&index->verified, &identity);
    atomic_fetch_add(verifier->changed, 1);
    return true;
}

/* Updates `damaged`, which readers see. */
static void
note_damage(sp_verifier *verifier)
{
    bool damaged = false;
    for (size_t i = 0; i < verifier->count; i++)
        damaged |= verifier->indexes[i].damaged;
    if (atomic_exchange(&verifier->damaged, damaged) != damaged)
        atomic_fetch_add(verifier->changed, 1);
}

static bool
is_gone(const struct watched *index)
{
    return index->choice == 0 ||
           (faccessat(index->folder, SP_VERSION_FILE, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
            errno == ENOENT);
}

/* If no database is admitted, or the admitted one was removed, admits what was found at the path,
   if anything was: nothing else can be served. */
static void
replace_if_gone(sp_verifier *verifier, struct watched *index, enum sp_status found,
                const sp_index_place *place)
{
    if (is_gone(index) && !(found == SP_OK && admit(verifier, index, place)))
        drop(verifier, index);
    note_damage(verifier);
}

static void
find_if_gone(sp_verifier *verifier, struct watched *index)
{
    sp_index_place place;
    if (!is_gone(index))
        return;
    enum sp_status found = sp_index_find(index->path, &place, NULL);
    replace_if_gone(verifier, index, found, &place);
    if (found == SP_OK)
        sp_index_place_done(&place);
}

uint64_t
sp_verifier_choose(void *context, size_t number, int *folder, char name[SP_DATABASE_NAME_MAX])
{
    sp_verifier *verifier = context;
    struct watched *index = &verifier->indexes[number];
    pthread_mutex_lock(&verifier->mutex);
    find_if_gone(verifier, index);
    uint64_t choice = index->choice;
    if (choice != 0 && folder) {
        *folder = fcntl(index->folder, F_DUPFD_CLOEXEC, 0);
        memcpy(name, index->admitted.name, sizeof index->admitted.name);
    }
    pthread_mutex_unlock(&verifier->mutex);
    return choice;
}

bool
sp_verifier_found_damage(const sp_verifier *verifier)
{
    return verifier && atomic_load(&verifier->damaged);
}

/* The thread */

/* What a fault means for queries. */
enum consequence { SERVED, EARLIER_SERVED, REFUSED };

static const char *const consequences[] = {
    [SERVED] = "it is served all the same",
    [EARLIER_SERVED] = "the index before it is served",
    [REFUSED] = "queries are refused until the index is replaced",
};

static void
say(struct watched *index, const sp_error *err, enum consequence consequence)
{
    char line[SP_ERROR_LINE_MAX];
    fprintf(stderr, "searchd: %s; %s\n", sp_error_line(err, line), consequences[consequence]);
    index->refused |= consequence == REFUSED;
}

/* Draws the conclusion from a verification: admits the database or not. */
static enum consequence
conclude(sp_verifier *verifier, struct watched *index, const sp_index_place *place,
         enum sp_status result)
{
    struct identity identity = identify(place);
    pthread_mutex_lock(&verifier->mutex);
    index->verified = identity;
    index->result = result;
    if ((may_be_served(result) || is_gone(index)) && !admit(verifier, index, place))
        index->verified = (struct identity){0}; /* the next look verifies and admits it */
    bool served = index->choice != 0 && same(&index->admitted, &identity);
    if (served && (may_be_served(result) || result == SP_DAMAGED))
        index->damaged = result == SP_DAMAGED;
    bool refused = index->damaged;
    note_damage(verifier);
    pthread_mutex_unlock(&verifier->mutex);
    if (refused)
        return REFUSED;
    return served || may_be_served(result) ? SERVED : EARLIER_SERVED;
}

static void
say_result(sp_verifier *verifier, struct watched *index, enum sp_status result, const sp_error *err,
           enum consequence consequence)
{
    bool refused = index->refused;
    if (may_be_served(result))
        index->refused = false;
    if (result == SP_OK && refused && !atomic_load(&verifier->damaged))
        fputs("searchd: the index is whole again\n", stderr);
    if (result != SP_OK && !(result == SP_STALE && index->unverifiable && !refused))
        say(index, err, consequence);
    if (may_be_served(result))
        index->unverifiable = result == SP_STALE;
}

/* version: NULL if it cannot be read. */
static bool
is_due(const struct watched *index, const struct identity *identity,
       const sp_glass_version *version)
{
    uint64_t now = sp_now_us();
    if (!same(identity, &index->verified))
        return true;
    if (version && !sp_glass_version_equal(version, &index->version))
        return now >= index->rested;
    return (!version || !may_be_served(index->result)) && now >= index->again;
}

/* Verifies the database, if that is due. */
static void
attend(sp_verifier *verifier, struct watched *index, const sp_index_place *place)
{
    sp_glass_version version = {0};
    sp_error err = {0};
    struct identity identity = identify(place);
    enum sp_status status =
        place->single_file
            ? SP_OK
            : sp_glass_version_read_open(place->folder, place->path.data, &version, &err);
    if (status == SP_NOT_FOUND || !is_due(index, &identity, status == SP_OK ? &version : NULL))
        return;
    uint64_t began = sp_now_us();
    if (status == SP_OK)
        status = sp_verify_place(place, &verifier->stop, &err);
    if (status == SP_CANCELLED || status == SP_NOT_FOUND || status == SP_NO_MEMORY)
        return; /* the next look tries again */
    uint64_t ended = sp_now_us();
    bool known = index->result == status && same(&identity, &index->verified);
    index->rested = ended + REST * (ended - began);
    index->again = index->rested + (status == SP_DAMAGED ? DAMAGED_AGAIN : UNREADABLE_AGAIN);
    index->version = version;
    enum consequence consequence = conclude(verifier, index, place, status);
    sp_index_place_prefix_error(place, index->path, &err);
    if (may_be_served(status) || !known || (consequence == REFUSED && !index->refused))
        say_result(verifier, index, status, &err, consequence);
}

/* A database that is known to be damaged may have been admitted because the one before is gone. */
static void
say_refusal(struct watched *index)
{
    sp_error err;
    (void)sp_fail_at(&err, SP_DAMAGED, index->path, 0, 0, "damaged");
    say(index, &err, REFUSED);
}

/* Looks at an index. While it is damaged or cannot be read, what is admitted stays so. */
static void
look(sp_verifier *verifier, struct watched *index)
{
    sp_index_place place;
    sp_error err;
    enum sp_status found = sp_index_find(index->path, &place, &err);
    bool known = found == index->found;
    index->found = found;
    pthread_mutex_lock(&verifier->mutex);
    if (found == SP_NOT_FOUND)
        drop(verifier, index);
    if (found == SP_NOT_FOUND || found == SP_DAMAGED)
        index->verified =
            (struct identity){0}; /* what comes back may have been damaged meanwhile */
    replace_if_gone(verifier, index, found, &place);
    bool served = index->choice != 0, damaged = index->damaged;
    pthread_mutex_unlock(&verifier->mutex);
    if (damaged && !index->refused)
        say_refusal(index);
    if (found == SP_OK) {
        attend(verifier, index, &place);
        sp_index_place_done(&place);
    } else if (served && !known) {
        say(index, &err, EARLIER_SERVED);
    }
}

static bool
wait_for_next_look(sp_verifier *verifier)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&verifier->mutex);
    while (!atomic_load(&verifier->stop) &&
           pthread_cond_timedwait(&verifier->wake, &verifier->mutex, &until) == 0)
        continue;
    pthread_mutex_unlock(&verifier->mutex);
    return !atomic_load(&verifier->stop);
}

static void *
run(void *context)
{
    sp_verifier *verifier = context;
    id_t self = (id_t)syscall(SYS_gettid); /* only this thread */
    if (getpriority(PRIO_PROCESS, self) < NICENESS)
        (void)setpriority(PRIO_PROCESS, self, NICENESS);
    do {
        for (size_t i = 0; i < verifier->count; i++)
            look(verifier, &verifier->indexes[i]);
    } while (wait_for_next_look(verifier));
    return NULL;
}

static void
free_verifier(sp_verifier *verifier)
{
    for (size_t i = 0; i < verifier->count; i++)
        drop(verifier, &verifier->indexes[i]);
    pthread_cond_destroy(&verifier->wake);
    pthread_mutex_destroy(&verifier->mutex);
    free(verifier);
}

enum sp_status
sp_verifier_start(const sp_texts *indexes, _Atomic uint64_t *changed, sp_verifier **out,
                  sp_error *err)
{
    sp_verifier *verifier =
        calloc(1, sizeof *verifier + indexes->count * sizeof *verifier->indexes);
    if (!verifier)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    verifier->changed = changed;
    verifier->count = indexes->count;
    for (size_t i = 0; i < indexes->count; i++) {
        verifier->indexes[i].path = indexes->items[i];
        find_if_gone(verifier, &verifier->indexes[i]);
    }
    pthread_condattr_t monotonic;
    pthread_mutex_init(&verifier->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&verifier->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    int number = pthread_create(&verifier->thread, NULL, run, verifier);
    if (number == 0) {
        *out = verifier;
        return SP_OK;
    }
    free_verifier(verifier);
    return sp_fail_errno(err, number, NULL, "cannot start the thread that verifies the index");
}

void
sp_verifier_stop(sp_verifier *verifier)
{
    if (!verifier)
        return;
    pthread_mutex_lock(&verifier->mutex);
    atomic_store(&verifier->stop, true);
    pthread_cond_signal(&verifier->wake);
    pthread_mutex_unlock(&verifier->mutex);
    pthread_join(verifier->thread, NULL);
    free_verifier(verifier);
}
