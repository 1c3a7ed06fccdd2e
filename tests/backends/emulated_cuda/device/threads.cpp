// The threads of a block as coroutines: each runs until it waits for its warp or for its block.
#include <sys/mman.h>
#include <ucontext.h>
#include <vector>
#include "cuda.h"

const size_t STACK = size_t(1) << 17;
const unsigned MOST = 1024;

enum State { READY, AT_WARP, AT_BLOCK, DONE };
struct Thread {
  ucontext_t context;
  State state;
};
static std::vector<Thread> threads(MOST);
static ucontext_t scheduler;
static unsigned running;
static void (*body)(void*);
static void* closure;

static void run_body() {
  body(closure);
  threads[running].state = DONE;
}

// Called by a thread that waits, for its block or only for its warp.
API void emulated_cuda_wait(int block) {
  threads[running].state = block ? AT_BLOCK : AT_WARP;
  swapcontext(&threads[running].context, &scheduler);
}

static bool released(unsigned n, State waiting) {
  bool some = false;
  for (unsigned k = 0; k < n; ++k)
    if (threads[k].state == waiting) {
      threads[k].state = READY;
      some = true;
    }
  return some;
}

// Reserved once: pages that no thread touches cost nothing.
static char* stack(unsigned k) {
  static char* all = static_cast<char*>(mmap(nullptr, STACK * MOST, PROT_READ | PROT_WRITE,
                                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  return all + k * STACK;
}

static void start(unsigned k) {
  auto& thread = threads[k];
  thread.state = READY;
  getcontext(&thread.context);
  thread.context.uc_stack.ss_sp = stack(k);
  thread.context.uc_stack.ss_size = STACK;
  thread.context.uc_link = &scheduler;
  makecontext(&thread.context, run_body, 0);
}

// Runs f(x) as each of n threads; enter(k) tells the kernel which thread goes on. Those that wait for their warp go on
// when nobody can run, those that wait for the block when nobody waits for a warp either: a barrier that only some
// threads of the block reach passes here, and would hang or err on a device.
API void emulated_cuda_block(unsigned n, void (*enter)(unsigned), void (*f)(void*), void* x) {
  body = f;
  closure = x;
  for (unsigned k = 0; k < n; ++k) start(k);
  do {
    for (running = 0; running < n; ++running) {
      if (threads[running].state != READY) continue;
      enter(running);
      swapcontext(&scheduler, &threads[running].context);
    }
  } while (released(n, AT_WARP) || released(n, AT_BLOCK));
}
