// What the parts of the emulation share: one lock, the device and the error of each thread, and the work of streams.
#pragma once
#include <cstddef>
#include <functional>
#include <mutex>
#include <set>
#include <vector>
#include "cuda.h"

// One call at a time changes anything: nothing here runs at once with anything else.
extern std::recursive_mutex gate;
using Lock = std::lock_guard<std::recursive_mutex>;

const size_t TOTAL_MEMORY = size_t(4) << 30;  // of each device
const int DEVICES = 2;
extern thread_local int current_device;

// Gives the status, and keeps it for cudaGetLastError where it is an error.
int say(int status);

using Work = std::function<void()>;

struct Graph {
  std::vector<Work> steps;
};

// A capture under way: it began on one stream, and events that were waited for drew others in.
struct Recording {
  Graph* graph = new Graph;
  bool broken = false;
  struct Stream* origin = nullptr;
  std::set<struct Stream*> joined;
};

struct Stream {
  unsigned flags = 0;
  Recording* recording = nullptr;
};
extern std::set<Stream*> streams;

// The stream behind a handle; null for the default ones, whose handles are 0, 1 and 2.
Stream* known(void* handle);

// The capture that any use of the default stream breaks, if there is one.
Recording* broken_by_default_stream();

// Marks a capture as broken, and gives the status.
int broken(Recording* recording, int status);

// Work for a stream: done at once, or recorded where the stream is captured. Gives a status of the runtime.
int submit(void* stream, Work work);
