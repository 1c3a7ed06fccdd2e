// Capture of streams, the graphs that it makes, and the events by which one captured stream draws in another.
#include <chrono>
#include "state.h"

API int cudaStreamBeginCapture(void* stream, int) {
  Lock lock(gate);
  auto s = known(stream);
  if (!s) return say(cudaErrorStreamCaptureUnsupported);
  if (s->recording) return say(cudaErrorIllegalState);
  s->recording = new Recording;
  s->recording->origin = s;
  return cudaSuccess;
}

API int cudaStreamEndCapture(void* stream, void** graph) {
  Lock lock(gate);
  auto s = known(stream);
  if (!s || !s->recording) return say(cudaErrorIllegalState);
  auto recording = s->recording;
  if (recording->origin != s) return broken(recording, cudaErrorStreamCaptureUnmatched);
  s->recording = nullptr;
  for (auto other : recording->joined) other->recording = nullptr;
  *graph = recording->broken ? nullptr : recording->graph;
  return recording->broken ? say(cudaErrorStreamCaptureInvalidated) : cudaSuccess;
}

API int cudaStreamIsCapturing(void* stream, int* status) {
  Lock lock(gate);
  auto s = known(stream);
  auto recording = s ? s->recording : nullptr;
  *status = !recording          ? cudaStreamCaptureStatusNone
            : recording->broken ? cudaStreamCaptureStatusInvalidated
                                : cudaStreamCaptureStatusActive;
  return cudaSuccess;
}

// An executable graph is the graph itself; both stay until the process ends.
API int cudaGraphInstantiate(void** executable, void* graph, unsigned long long) {
  *executable = graph;
  return cudaSuccess;
}
API int cudaGraphDestroy(void*) { return cudaSuccess; }
API int cudaGraphExecDestroy(void*) { return cudaSuccess; }
API int cudaGraphUpload(void*, void*) { return cudaSuccess; }
API int cudaGraphLaunch(void* executable, void* stream) {
  auto graph = static_cast<Graph*>(executable);
  return submit(stream, [=] {
    for (auto& step : graph->steps) step();
  });
}

struct Event {
  bool recorded = false;
  Recording* recording = nullptr;
  std::chrono::steady_clock::time_point at;
};

API int cudaEventCreateWithFlags(void** made, unsigned) {
  *made = new Event;
  return cudaSuccess;
}
API int cudaEventCreate(void** made) { return cudaEventCreateWithFlags(made, 0); }
API int cudaEventDestroy(void* event) {
  delete static_cast<Event*>(event);
  return cudaSuccess;
}

API int cudaEventRecord(void* event, void* stream) {
  Lock lock(gate);
  auto e = static_cast<Event*>(event);
  auto s = known(stream);
  e->recorded = true;
  e->recording = s ? s->recording : nullptr;
  e->at = std::chrono::steady_clock::now();
  return cudaSuccess;
}

API int cudaEventQuery(void* event) {
  Lock lock(gate);
  auto e = static_cast<Event*>(event);
  return e->recording ? broken(e->recording, cudaErrorCapturedEvent) : cudaSuccess;
}
API int cudaEventSynchronize(void* event) { return cudaEventQuery(event); }
API int cudaEventElapsedTime(float* milliseconds, void* start, void* end) {
  auto elapsed = static_cast<Event*>(end)->at - static_cast<Event*>(start)->at;
  *milliseconds = std::chrono::duration<float, std::milli>(elapsed).count();
  return cudaSuccess;
}

// A captured stream may wait for events of its own capture only; any other stream joins the capture of the event.
API int cudaStreamWaitEvent(void* stream, void* event, unsigned) {
  Lock lock(gate);
  auto s = known(stream);
  auto e = static_cast<Event*>(event);
  if (!s) return cudaSuccess;
  if (s->recording && e->recorded && e->recording != s->recording)
    return broken(s->recording, cudaErrorStreamCaptureIsolation);
  if (!s->recording && e->recording) {
    s->recording = e->recording;
    s->recording->joined.insert(s);
  }
  return cudaSuccess;
}
