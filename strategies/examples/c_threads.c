/* A backend in C, with stratbench_board.h: as many threads as workers, each of which takes the next
 * task from one queue. Workloads: noop and sum_range.
 *
 *     cc -std=c11 -D_GNU_SOURCE -O2 -pthread c_threads.c -o c_threads
 *     stratbench run --strategy exec:cmd=./c_threads --workload sum_range
 */
#include "stratbench_board.h"

#include <pthread.h>

static struct stratbench_board board;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
/* Tasks of the window that the front end has accepted, and those that a worker has begun. */
static uint64_t accepted, begun;

static uint64_t mix64(uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

static uint64_t execute(uint64_t id, const struct stratbench_task* task) {
    if (strcmp(board.header->workload, "noop") == 0) {
        return mix64(id ^ task->seed);
    }
    uint64_t sum = 0;
    for (int64_t i = 1; i <= task->args[0]; ++i) {
        sum += (uint64_t)i;
    }
    return sum;
}

static void run(uint64_t id) {
    const struct stratbench_task* const task = stratbench_task_of(&board, id);
    if (stratbench_stopped(&board) == 2) {
        stratbench_give(&board, id, STRATBENCH_CANCELLED, 0, 0, 0);
        return;
    }
    const int64_t started = task->stamped ? stratbench_now() : 0;
    const uint64_t value = execute(id, task);
    if (task->wait_us > 0) {
        usleep(task->wait_us);
    }
    stratbench_give(&board, id, STRATBENCH_OK, value, started,
                    task->stamped ? stratbench_now() : 0);
}

static void* work(void* nothing) {
    pthread_mutex_lock(&lock);
    for (;;) {
        while (begun == accepted) {
            pthread_cond_wait(&changed, &lock);
        }
        const uint64_t id = begun++;
        pthread_mutex_unlock(&lock);
        run(id);
        pthread_mutex_lock(&lock);
        if (begun == accepted) { /* perhaps this was the last */
            pthread_cond_broadcast(&changed);
        }
    }
    return nothing;
}

static const char* check(const char* workload) {
    return strcmp(workload, "noop") == 0 || strcmp(workload, "sum_range") == 0
               ? NULL
               : "no such workload";
}

int main(void) {
    stratbench_begin(&board, "C");
    for (int i = 0; i < board.workers; ++i) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, NULL) != 0) {
            stratbench_cannot("no thread");
        }
    }
    while (stratbench_window_checked(&board, check)) {
        uint64_t id;
        accepted = begun = 0; /* no worker is awake */
        while (stratbench_take(&board, &id)) {
            pthread_mutex_lock(&lock);
            accepted = id + 1;
            pthread_cond_broadcast(&changed);
            pthread_mutex_unlock(&lock);
        }
        pthread_mutex_lock(&lock);
        while (!stratbench_drained(&board)) {
            pthread_cond_wait(&changed, &lock);
        }
        pthread_mutex_unlock(&lock);
    }
}
