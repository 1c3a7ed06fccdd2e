// Two devices, neither of which reads the other's memory, and the names of errors.
#include <cstdio>
#include <cstring>
#include "state.h"

const int MAJOR = 9, PROCESSORS = 4, WARP = 32, THREADS = 1024, SHARED = 49152;

#define NAME(error) \
  case error:       \
    return #error
API const char* cudaGetErrorName(int error) {
  switch (error) {
    NAME(cudaSuccess);
    NAME(cudaErrorInvalidValue);
    NAME(cudaErrorMemoryAllocation);
    NAME(cudaErrorNoDevice);
    NAME(cudaErrorInvalidDevice);
    NAME(cudaErrorPeerAccessUnsupported);
    NAME(cudaErrorIllegalState);
    NAME(cudaErrorStreamCaptureUnsupported);
    NAME(cudaErrorStreamCaptureInvalidated);
    NAME(cudaErrorStreamCaptureUnmatched);
    NAME(cudaErrorStreamCaptureIsolation);
    NAME(cudaErrorStreamCaptureImplicit);
    NAME(cudaErrorCapturedEvent);
    default:
      return "cudaErrorUnknown";
  }
}

// CuPy's callers look for these words in errors of memory.
API const char* cudaGetErrorString(int error) {
  return error == cudaErrorMemoryAllocation ? "out of memory" : "an error of the emulated device";
}

API int cudaDriverGetVersion(int* version) {
  *version = 13000;
  return cudaSuccess;
}
API int cudaRuntimeGetVersion(int* version) { return cudaDriverGetVersion(version); }

API int cudaGetDeviceCount(int* n) {
  *n = DEVICES;
  return cudaSuccess;
}
API int cudaGetDevice(int* n) {
  *n = current_device;
  return cudaSuccess;
}
API int cudaSetDevice(int n) {
  if (n < 0 || n >= DEVICES) return say(cudaErrorInvalidDevice);
  current_device = n;
  return cudaSuccess;
}

static int attribute(int which) {
  switch (which) {
    case cudaDevAttrMaxThreadsPerBlock:
    case cudaDevAttrMaxBlockDimX:
    case cudaDevAttrMaxBlockDimY:
      return THREADS;
    case cudaDevAttrMaxBlockDimZ:
      return 64;
    case cudaDevAttrMaxGridDimX:
      return 2147483647;
    case cudaDevAttrMaxGridDimY:
    case cudaDevAttrMaxGridDimZ:
      return 65535;
    case cudaDevAttrMaxSharedMemoryPerBlock:
    case cudaDevAttrMaxSharedMemoryPerBlockOptin:
      return SHARED;
    case cudaDevAttrWarpSize:
      return WARP;
    case cudaDevAttrMultiProcessorCount:
      return PROCESSORS;
    case cudaDevAttrComputeCapabilityMajor:
      return MAJOR;
    default:
      return 0;
  }
}
API int cudaDeviceGetAttribute(int* value, int which, int) {
  *value = attribute(which);
  return cudaSuccess;
}

API int cudaGetDeviceProperties(DeviceProperties* p, int device) {
  *p = {};
  strcpy(p->name, "an emulated device");
  p->totalGlobalMem = TOTAL_MEMORY;
  p->sharedMemPerBlock = SHARED;
  p->regsPerBlock = 65536;
  p->warpSize = WARP;
  p->maxThreadsPerBlock = THREADS;
  for (int k = 0; k < 3; ++k) {
    p->maxThreadsDim[k] = attribute(cudaDevAttrMaxBlockDimX + k);
    p->maxGridSize[k] = attribute(cudaDevAttrMaxGridDimX + k);
  }
  p->major = MAJOR;
  p->multiProcessorCount = PROCESSORS;
  p->maxThreadsPerMultiProcessor = 2 * THREADS;
  p->pciBusID = device;
  return cudaSuccess;
}

API int cudaDeviceCanAccessPeer(int* can, int, int) {
  *can = 0;
  return cudaSuccess;
}
API int cudaDeviceEnablePeerAccess(int, unsigned) { return say(cudaErrorPeerAccessUnsupported); }
API int cudaDeviceGetPCIBusId(char* text, int n, int device) {
  snprintf(text, n, "0000:%02x:00.0", device);
  return cudaSuccess;
}
API int cudaDeviceGetLimit(size_t* value, int) {
  *value = 0;
  return cudaSuccess;
}
API int cudaDeviceSetLimit(int, size_t) { return cudaSuccess; }
API int cudaProfilerStart() { return cudaSuccess; }
API int cudaProfilerStop() { return cudaSuccess; }
