/* The board of docs/backends.md for C and C++: one file, nothing to link. C11, Linux.
 *
 *     int main(void) {
 *         struct stratbench_board board;
 *         stratbench_begin(&board, "C");
 *         ... start board.workers workers ...
 *         while (stratbench_window(&board)) {
 *             uint64_t id;
 *             while (stratbench_take(&board, &id)) {
 *                 ... execute stratbench_task_of(&board, id); somebody calls stratbench_give ...
 *             }
 *             ... wait until every task that was taken has been given ...
 *         }
 *     }
 *
 * stratbench_give may be called by any thread, also by several at once; all others by one.
 */
#ifndef STRATBENCH_BOARD_H
#define STRATBENCH_BOARD_H

#include <linux/futex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { STRATBENCH_BOARD_VERSION = 1 };
enum { STRATBENCH_BOARD_FD = 3, STRATBENCH_CONTROL_FD = 4 };
enum { STRATBENCH_SCHEDULED, STRATBENCH_CLOSED, STRATBENCH_PRODUCER };
enum {
    STRATBENCH_OK,
    STRATBENCH_ERROR,
    STRATBENCH_CRASHED,
    STRATBENCH_TIMED_OUT,
    STRATBENCH_CANCELLED
};

struct stratbench_header {
    char magic[8];
    uint32_t version;
    uint32_t stop; /* 0; 1 = take no more; 2 = nor begin what has been taken */
    uint64_t tasks, tasks_at, payload_at, accounts_at;
    int64_t opened_ns;
    uint64_t at_once;
    int64_t every_ns, until_ns;
    uint32_t arrivals, unused;
    char workload[40];
};

struct stratbench_task {
    int64_t due_ns; /* from the opening */
    int64_t args[4];
    uint64_t seed;
    uint32_t payload_at, payload_bytes; /* the first in units of 64 bytes */
    uint32_t wait_us;
    uint32_t stamped;
};

struct stratbench_account {
    int64_t accepted_ns, started_ns, finished_ns, completed_ns;
    uint64_t value;
    uint32_t outcome, waited_for, unused[3];
    uint32_t endings; /* written last */
};

struct stratbench_board {
    unsigned char* memory;
    struct stratbench_header* header;
    const struct stratbench_task* tasks;
    struct stratbench_account* accounts;
    FILE* lines;
    int workers;
    /* Of the window: accepted so far, in a producer's queue so far, and when its next is ready. */
    uint64_t accepted, put;
    int64_t ready_ns;
    int waiting, open;
    /* Changed by stratbench_give. */
    uint32_t ended, freed_in_time;
};

static inline int64_t stratbench_now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

/* --- The conversation. Ends the process where nobody is there any more. --- */

/* `more` is `,"key":value` or empty. */
static inline void stratbench_say(const char* what, const char* more) {
    char line[512];
    const int length = snprintf(line, sizeof line, "{\"say\":\"%s\",\"now_ns\":%lld%s}\n", what,
                                (long long)stratbench_now(), more);
    if (send(STRATBENCH_CONTROL_FD, line, (size_t)length, MSG_NOSIGNAL) != length) {
        exit(0);
    }
}

/* The next line, whose `say` is `expected`; any other one is the end. Returns its `workers`. */
static inline int stratbench_hear(struct stratbench_board* board, const char* expected) {
    char line[4096];
    char wanted[32];
    snprintf(wanted, sizeof wanted, "\"say\":\"%s\"", expected);
    if (fgets(line, sizeof line, board->lines) == NULL || strstr(line, wanted) == NULL) {
        exit(0);
    }
    const char* const workers = strstr(line, "\"workers\":");
    return workers == NULL ? 0 : atoi(workers + strlen("\"workers\":"));
}

static inline void stratbench_cannot(const char* why) {
    char more[256];
    snprintf(more, sizeof more, ",\"why\":\"%s\"", why);
    stratbench_say("cannot", more);
}

/* Maps the board and says hello; board->workers is known when it returns. */
static inline void stratbench_begin(struct stratbench_board* board, const char* language) {
    struct stat about;
    memset(board, 0, sizeof *board);
    if (fstat(STRATBENCH_BOARD_FD, &about) != 0) {
        exit(2);
    }
    void* const memory = mmap(NULL, (size_t)about.st_size, PROT_READ | PROT_WRITE, MAP_SHARED,
                              STRATBENCH_BOARD_FD, 0);
    board->lines = fdopen(STRATBENCH_CONTROL_FD, "r");
    if (memory == MAP_FAILED || board->lines == NULL) {
        exit(2);
    }
    board->memory = (unsigned char*)memory;
    board->header = (struct stratbench_header*)memory;
    if (memcmp(board->header->magic, "strboard", 8) != 0 ||
        board->header->version != STRATBENCH_BOARD_VERSION) {
        stratbench_cannot("this backend knows version 1 of the board");
    }
    char more[128];
    snprintf(more, sizeof more, ",\"protocol\":%d,\"language\":\"%s\"", STRATBENCH_BOARD_VERSION,
             language);
    stratbench_say("hello", more);
    board->workers = stratbench_hear(board, "start");
}

/* Ends the window before, if there was one, and waits for the next to open. Ends the process where
 * there is none. Between `window` and `ready` the workload's name can be read: `check`, which may
 * be null, says what is wrong with it, or null. */
static inline int stratbench_window_checked(struct stratbench_board* board,
                                            const char* (*check)(const char* workload)) {
    stratbench_say(board->open ? "drained" : "ready", "");
    stratbench_hear(board, "window");
    const struct stratbench_header* const head = board->header;
    board->tasks = (const struct stratbench_task*)(board->memory + head->tasks_at);
    board->accounts = (struct stratbench_account*)(board->memory + head->accounts_at);
    board->accepted = board->put = 0;
    board->ready_ns = 0;
    board->waiting = 0;
    board->ended = board->freed_in_time = 0;
    const char* const why = check == NULL ? NULL : check(head->workload);
    if (why != NULL) {
        stratbench_cannot(why);
    } else {
        stratbench_say("ready", "");
    }
    stratbench_hear(board, "run");
    board->open = 1;
    return 1;
}

static inline int stratbench_window(struct stratbench_board* board) {
    return stratbench_window_checked(board, NULL);
}

/* --- Which task is due --- */

static inline uint32_t stratbench_stopped(const struct stratbench_board* board) {
    return __atomic_load_n(&board->header->stop, __ATOMIC_RELAXED);
}

/* Whether task number board->accepted has become due; `now` counts from the opening. */
static inline int stratbench_is_due(struct stratbench_board* board, int64_t now) {
    const struct stratbench_header* const head = board->header;
    if (board->accepted == head->tasks) {
        return 0;
    }
    if (head->arrivals == STRATBENCH_SCHEDULED) {
        return board->tasks[board->accepted].due_ns <= now;
    }
    if (head->arrivals == STRATBENCH_CLOSED) {
        return board->accepted < head->at_once + __atomic_load_n(&board->freed_in_time,
                                                                 __ATOMIC_ACQUIRE);
    }
    while (board->put < head->tasks) {
        int64_t at = board->ready_ns;
        if (board->put >= head->at_once) {
            const uint64_t frees = board->put - head->at_once;
            if (frees >= board->accepted) {
                break; /* its queue is full */
            }
            const int64_t freed = board->accounts[frees].accepted_ns - head->opened_ns;
            at = freed > at ? freed : at;
        }
        if (at > now) {
            break;
        }
        ++board->put;
        board->ready_ns = at + head->every_ns;
    }
    return board->accepted < board->put;
}

static inline int stratbench_over(struct stratbench_board* board, uint32_t ended, int64_t now) {
    const struct stratbench_header* const head = board->header;
    return stratbench_stopped(board) != 0 || board->accepted == head->tasks ||
           (head->arrivals == STRATBENCH_CLOSED && ended == board->accepted &&
            now >= head->until_ns);
}

/* Accepts the next task, and sleeps until it is due. False where no task will be due any more. */
static inline int stratbench_take(struct stratbench_board* board, uint64_t* id) {
    const struct stratbench_header* const head = board->header;
    for (;;) {
        const uint32_t ended = __atomic_load_n(&board->ended, __ATOMIC_ACQUIRE);
        const int64_t at = stratbench_now(), now = at - head->opened_ns;
        const int due = stratbench_is_due(board, now);
        if (stratbench_stopped(board) == 0 && due) {
            struct stratbench_account* const account = &board->accounts[board->accepted];
            account->accepted_ns = at;
            account->waited_for = (uint32_t)board->waiting;
            board->waiting = 0;
            *id = board->accepted++;
            return 1;
        }
        if (stratbench_over(board, ended, now)) {
            return 0;
        }
        board->waiting = 1;
        int64_t wait = 20000000; /* how late it hears of a stop */
        if (head->arrivals != STRATBENCH_CLOSED) {
            const int64_t next = head->arrivals == STRATBENCH_SCHEDULED
                                     ? board->tasks[board->accepted].due_ns
                                     : board->ready_ns;
            wait = next - now < wait ? next - now : wait;
        }
        const struct timespec patience = {0, wait > 0 ? (long)wait : 0};
        if (head->arrivals == STRATBENCH_CLOSED) {
            syscall(SYS_futex, &board->ended, FUTEX_WAIT_PRIVATE, ended, &patience, NULL, 0);
        } else {
            nanosleep(&patience, NULL);
        }
    }
}

/* --- Tasks, and what became of them --- */

static inline const struct stratbench_task* stratbench_task_of(const struct stratbench_board* board,
                                                               uint64_t id) {
    return &board->tasks[id];
}

static inline const unsigned char* stratbench_payload_of(const struct stratbench_board* board,
                                                         uint64_t id) {
    return board->memory + board->header->payload_at + 64 * (uint64_t)board->tasks[id].payload_at;
}

/* The end of a task, when its result is in the front end's hands. `started` and `finished` are
 * readings of stratbench_now where it ran, of a task that is stamped; else 0. */
static inline void stratbench_give(struct stratbench_board* board, uint64_t id, uint32_t outcome,
                                   uint64_t value, int64_t started_ns, int64_t finished_ns) {
    struct stratbench_account* const account = &board->accounts[id];
    account->started_ns = started_ns;
    account->finished_ns = finished_ns;
    account->completed_ns = stratbench_now();
    account->value = value;
    account->outcome = outcome;
    __atomic_add_fetch(&account->endings, 1, __ATOMIC_RELEASE);
    if (account->completed_ns - board->header->opened_ns < board->header->until_ns) {
        __atomic_add_fetch(&board->freed_in_time, 1, __ATOMIC_RELEASE);
    }
    __atomic_add_fetch(&board->ended, 1, __ATOMIC_RELEASE);
    if (board->header->arrivals == STRATBENCH_CLOSED) {
        syscall(SYS_futex, &board->ended, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    }
}

/* Whether every task that was taken has been given. */
static inline int stratbench_drained(const struct stratbench_board* board) {
    return __atomic_load_n(&board->ended, __ATOMIC_ACQUIRE) == (uint32_t)board->accepted;
}

#endif
