// SPDX-License-Identifier: GPL-2.0-or-later
#include "verifier.h"

#include <signpost/clock.h>
#include <signpost/index_directory.h>
#include <signpost/sums.h>
#include <signpost/verify.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Nanoseconds between two looks at the indexes. */
#define LOOK_NS 100000000
/* After a verification that took some time, databases that change in place wait this many times as
   long for the next, so that frequent runs do not keep a processor busy. */
#define REST 4
/* Microseconds after which a damaged database is verified again. */
#define DAMAGED_AGAIN 30000000
#define NICENESS 10

/* A database, whatever its content. */
struct place {
    dev_t device;
    ino_t inode;
    char name[SP_DATABASE_NAME_MAX];
};

struct watched {
    const char *path;
    struct place admitted; /* readers may use this database; inode 0: none yet */
    /* The rest belongs to the thread. */
    struct place verified;
    sp_glass_version version; /* of the verified one */
    enum sp_status result;
    uint64_t rested; /* sp_now_us when a change in place may be verified */
    bool unverifiable;
};

struct sp_verifier {
    pthread_t thread;
    pthread_mutex_t mutex; /* guards `admitted` of all indexes */
    pthread_cond_t wake;   /* signals `stop`, with `mutex` */
    atomic_bool stop, damaged;
    _Atomic uint64_t *changed;
    size_t count;
    struct watched indexes[];
};

static bool
same_place(const struct place *a, const struct place *b)
{
    return a->device == b->device && a->inode == b->inode && strcmp(a->name, b->name) == 0;
}

/* Finds the database of an index. Returns the descriptor of the index directory, or -1 if there is
   no database. The database is in the folder out->name, or in the directory itself (""). */
static int
look(const char *path, struct place *out)
{
    struct stat about;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *out = (struct place){0};
    if (folder < 0)
        return -1;
    enum sp_status status = sp_stub_read(folder, path, out->name, NULL);
    bool found =
        (status == SP_OK || status == SP_NOT_FOUND) &&
        fstatat(folder, status == SP_OK ? out->name : ".", &about, AT_SYMLINK_NOFOLLOW) == 0;
    if (!found) {
        close(folder);
        return -1;
    }
    out->device = about.st_dev;
    out->inode = about.st_ino;
    return folder;
}

bool
sp_verifier_admits(void *context)
{
    sp_verifier *verifier = context;
    bool admits = true;
    for (size_t i = 0; admits && i < verifier->count; i++) {
        struct watched *index = &verifier->indexes[i];
        struct place now;
        int folder = look(index->path, &now);
        if (folder >= 0)
            close(folder);
        pthread_mutex_lock(&verifier->mutex);
        admits = folder < 0 || same_place(&now, &index->admitted);
        pthread_mutex_unlock(&verifier->mutex);
    }
    return admits;
}

bool
sp_verifier_found_damage(const sp_verifier *verifier)
{
    return verifier && atomic_load(&verifier->damaged);
}

/* The thread */

static void
admit(sp_verifier *verifier, struct watched *index, const struct place *place)
{
    pthread_mutex_lock(&verifier->mutex);
    bool moved = !same_place(&index->admitted, place);
    index->admitted = *place;
    pthread_mutex_unlock(&verifier->mutex);
    if (moved)
        atomic_fetch_add(verifier->changed, 1);
}

/* Updates `damaged`, which readers see. */
static void
note_damage(sp_verifier *verifier)
{
    bool damaged = false;
    for (size_t i = 0; i < verifier->count; i++) {
        const struct watched *index = &verifier->indexes[i];
        damaged |= index->result == SP_DAMAGED && same_place(&index->verified, &index->admitted);
    }
    if (atomic_exchange(&verifier->damaged, damaged) == damaged)
        return;
    atomic_fetch_add(verifier->changed, 1);
    if (!damaged)
        fputs("searchd: the index is whole again\n", stderr);
}

static void
say(const struct watched *index, const sp_error *err, const char *consequence)
{
    fprintf(stderr, "searchd: %s%s%s: %s; %s\n", index->path, err->path[0] != '\0' ? "/" : "",
            err->path, err->text, consequence);
}

/* Draws the conclusion from the verification of a database. */
static void
conclude(sp_verifier *verifier, struct watched *index, const struct place *place,
         const sp_error *err)
{
    bool served = same_place(place, &index->admitted);
    if (index->result == SP_DAMAGED) {
        say(index, err,
            served ? "queries are refused until the index is replaced"
                   : "the index before it is served");
        return;
    }
    if (index->result != SP_OK && !index->unverifiable)
        say(index, err, "it is served all the same");
    index->unverifiable = index->result != SP_OK;
    admit(verifier, index, place);
}

/* The path of a database without a stub is relative to the working directory, as the index's. */
static enum sp_status
verify(sp_verifier *verifier, const struct watched *index, int folder, const struct place *place,
       sp_error *err)
{
    return place->name[0] != '\0' ? sp_verify_database(folder, place->name, &verifier->stop, err)
                                  : sp_verify_database(AT_FDCWD, index->path, &verifier->stop, err);
}

static bool
is_due(const struct watched *index, const struct place *place, const sp_glass_version *version)
{
    uint64_t now = sp_now_us();
    if (!same_place(place, &index->verified))
        return true;
    if (index->result != SP_DAMAGED && sp_glass_version_equal(version, &index->version))
        return false;
    return now >= index->rested;
}

static void
attend(sp_verifier *verifier, struct watched *index, int folder, const struct place *place)
{
    sp_glass_version version;
    sp_error err = {0};
    bool named = place->name[0] != '\0';
    enum sp_status status = sp_glass_version_read(
        named ? folder : AT_FDCWD, named ? place->name : index->path, &version, &err);
    if (index->admitted.inode == 0)
        admit(verifier, index, place);
    if (status == SP_NOT_FOUND || !is_due(index, place, &version))
        return;
    uint64_t began = sp_now_us();
    if (status == SP_OK)
        status = verify(verifier, index, folder, place, &err);
    if (status == SP_CANCELLED || status == SP_NOT_FOUND)
        return;
    uint64_t ended = sp_now_us();
    index->rested = ended + (status == SP_DAMAGED ? DAMAGED_AGAIN : REST * (ended - began));
    bool again =
        status == SP_DAMAGED && index->result == SP_DAMAGED && same_place(place, &index->verified);
    index->result = status;
    index->verified = *place;
    index->version = version;
    if (!again)
        conclude(verifier, index, place, &err);
    note_damage(verifier);
}

static bool
wait_for_next_look(sp_verifier *verifier)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
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
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICENESS); /* only this thread */
    do {
        for (size_t i = 0; i < verifier->count; i++) {
            struct place place;
            struct watched *index = &verifier->indexes[i];
            int folder = look(index->path, &place);
            if (folder < 0)
                continue;
            attend(verifier, index, folder, &place);
            close(folder);
        }
    } while (wait_for_next_look(verifier));
    return NULL;
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
        struct watched *index = &verifier->indexes[i];
        index->path = indexes->items[i];
        int folder = look(index->path, &index->admitted);
        if (folder >= 0)
            close(folder);
    }
    pthread_mutex_init(&verifier->mutex, NULL);
    pthread_cond_init(&verifier->wake, NULL);
    int number = pthread_create(&verifier->thread, NULL, run, verifier);
    if (number == 0) {
        *out = verifier;
        return SP_OK;
    }
    pthread_cond_destroy(&verifier->wake);
    pthread_mutex_destroy(&verifier->mutex);
    free(verifier);
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
    pthread_cond_destroy(&verifier->wake);
    pthread_mutex_destroy(&verifier->mutex);
    free(verifier);
}
