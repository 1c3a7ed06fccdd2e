// One lock, the error of each thread, and where work for a stream goes.
#include "state.h"

std::recursive_mutex gate;
thread_local int current_device = 0;
std::set<Stream*> streams;
static thread_local int last_error = cudaSuccess;

int say(int status) {
  if (status) last_error = status;
  return status;
}

API int cudaGetLastError() {
  int found = last_error;
  last_error = cudaSuccess;
  return found;
}

API int cudaPeekAtLastError() { return last_error; }

Stream* known(void* handle) { return size_t(handle) > 2 ? static_cast<Stream*>(handle) : nullptr; }

Recording* broken_by_default_stream() {
  for (auto s : streams)
    if (s->recording && !(s->flags & cudaStreamNonBlocking)) return s->recording;
  return nullptr;
}

int broken(Recording* recording, int status) {
  recording->broken = true;
  return say(status);
}

int submit(void* stream, Work work) {
  Lock lock(gate);
  auto s = known(stream);
  if (s && s->recording) {
    if (s->recording->broken) return say(cudaErrorStreamCaptureInvalidated);
    s->recording->graph->steps.push_back(work);
    return cudaSuccess;
  }
  if (!s)
    if (auto recording = broken_by_default_stream()) return broken(recording, cudaErrorStreamCaptureImplicit);
  work();
  return cudaSuccess;
}
