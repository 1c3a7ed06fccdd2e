// Streams, and what may not be done to one while it is captured.
#include "state.h"

API int cudaStreamCreateWithFlags(void** made, unsigned flags) {
  Lock lock(gate);
  auto stream = new Stream{flags};
  streams.insert(stream);
  *made = stream;
  return cudaSuccess;
}
API int cudaStreamCreate(void** made) { return cudaStreamCreateWithFlags(made, 0); }
API int cudaStreamCreateWithPriority(void** made, unsigned flags, int) {
  return cudaStreamCreateWithFlags(made, flags);
}
// Its memory stays: an event may still point to what it recorded.
API int cudaStreamDestroy(void* stream) {
  Lock lock(gate);
  streams.erase(known(stream));
  return cudaSuccess;
}
API int cudaStreamGetFlags(void* stream, unsigned* flags) {
  *flags = known(stream) ? known(stream)->flags : 0;
  return cudaSuccess;
}
API int cudaStreamGetPriority(void*, int* priority) {
  *priority = 0;
  return cudaSuccess;
}

// All work is done when it is submitted, so that waiting ends at once; a captured stream cannot be waited for.
API int cudaStreamSynchronize(void* stream) {
  Lock lock(gate);
  auto s = known(stream);
  if (s && s->recording) return broken(s->recording, cudaErrorStreamCaptureUnsupported);
  if (!s)
    if (auto recording = broken_by_default_stream()) return broken(recording, cudaErrorStreamCaptureImplicit);
  return cudaSuccess;
}
API int cudaStreamQuery(void* stream) { return cudaStreamSynchronize(stream); }
API int cudaDeviceSynchronize() {
  Lock lock(gate);
  for (auto s : streams)
    if (s->recording) return broken(s->recording, cudaErrorStreamCaptureUnsupported);
  return cudaSuccess;
}

API int cudaLaunchHostFunc(void* stream, void (*f)(void*), void* data) {
  return submit(stream, [=] { f(data); });
}
API int cudaStreamAddCallback(void* stream, void (*f)(void*, int, void*), void* data, unsigned) {
  return submit(stream, [=] { f(stream, cudaSuccess, data); });
}
