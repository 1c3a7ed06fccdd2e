// The words of CUDA 13 in which callers and the emulation speak: statuses, kinds and structures, as numbers and layouts.
// Statuses are int everywhere, and handles are pointers, so that no header of NVIDIA's is needed.
#pragma once
#include <cstddef>

// Marks what callers find in the library.
#define API extern "C" __attribute__((visibility("default")))

enum Status {
  cudaSuccess = 0,
  cudaErrorInvalidValue = 1,
  cudaErrorMemoryAllocation = 2,
  cudaErrorNoDevice = 100,
  cudaErrorInvalidDevice = 101,
  cudaErrorPeerAccessUnsupported = 217,
  cudaErrorIllegalState = 401,
  cudaErrorStreamCaptureUnsupported = 900,
  cudaErrorStreamCaptureInvalidated = 901,
  cudaErrorStreamCaptureUnmatched = 903,
  cudaErrorStreamCaptureIsolation = 905,
  cudaErrorStreamCaptureImplicit = 906,
  cudaErrorCapturedEvent = 907,
};

enum DriverStatus {
  CUDA_ERROR_INVALID_IMAGE = 200,
  CUDA_ERROR_NOT_FOUND = 500,
  CUDA_ERROR_NOT_SUPPORTED = 801,
};

enum NvrtcStatus {
  NVRTC_ERROR_PROGRAM_CREATION_FAILURE = 2,
  NVRTC_ERROR_COMPILATION = 6,
  NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID = 10,
};

enum CopyKind {
  cudaMemcpyHostToDevice = 1,
  cudaMemcpyDeviceToHost = 2,
  cudaMemcpyDeviceToDevice = 3,
  cudaMemcpyDefault = 4,
};

enum MemoryType { cudaMemoryTypeUnregistered = 0, cudaMemoryTypeHost = 1, cudaMemoryTypeDevice = 2 };

enum StreamFlag { cudaStreamNonBlocking = 1 };

enum CaptureStatus {
  cudaStreamCaptureStatusNone = 0,
  cudaStreamCaptureStatusActive = 1,
  cudaStreamCaptureStatusInvalidated = 2,
};

enum DeviceAttribute {
  cudaDevAttrMaxThreadsPerBlock = 1,
  cudaDevAttrMaxBlockDimX = 2,
  cudaDevAttrMaxBlockDimY = 3,
  cudaDevAttrMaxBlockDimZ = 4,
  cudaDevAttrMaxGridDimX = 5,
  cudaDevAttrMaxGridDimY = 6,
  cudaDevAttrMaxGridDimZ = 7,
  cudaDevAttrMaxSharedMemoryPerBlock = 8,
  cudaDevAttrWarpSize = 10,
  cudaDevAttrMultiProcessorCount = 16,
  cudaDevAttrComputeCapabilityMajor = 75,
  cudaDevAttrComputeCapabilityMinor = 76,
  cudaDevAttrMaxSharedMemoryPerBlockOptin = 97,
};

enum FunctionAttribute { CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 0 };

// cudaDeviceProp, with the fields that are filled in; the others are zero and stand as what lies between them.
struct DeviceProperties {
  char name[256];
  char identity[32];
  size_t totalGlobalMem;
  size_t sharedMemPerBlock;
  int regsPerBlock;
  int warpSize;
  size_t memPitch;
  int maxThreadsPerBlock;
  int maxThreadsDim[3];
  int maxGridSize[3];
  size_t totalConstMem;
  int major;
  int minor;
  size_t textureAlignment;
  size_t texturePitchAlignment;
  int multiProcessorCount;
  int texturesAndSurfaces[45];
  int pciBusID;
  int betweenBusAndThreads[8];
  int maxThreadsPerMultiProcessor;
  int rest[100];
};
static_assert(offsetof(DeviceProperties, totalGlobalMem) == 288, "the layout of cudaDeviceProp in CUDA 13");
static_assert(offsetof(DeviceProperties, major) == 360, "the layout of cudaDeviceProp in CUDA 13");
static_assert(offsetof(DeviceProperties, multiProcessorCount) == 384, "the layout of cudaDeviceProp in CUDA 13");
static_assert(offsetof(DeviceProperties, pciBusID) == 568, "the layout of cudaDeviceProp in CUDA 13");
static_assert(offsetof(DeviceProperties, maxThreadsPerMultiProcessor) == 604, "the layout of cudaDeviceProp in CUDA 13");
static_assert(sizeof(DeviceProperties) == 1008, "the layout of cudaDeviceProp in CUDA 13");

// cudaPointerAttributes.
struct PointerAttributes {
  int type;
  int device;
  void* devicePointer;
  void* hostPointer;
  long reserved[8];
};
