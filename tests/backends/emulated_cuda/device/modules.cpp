// The driver: a module is a shared library of the host, and a launch calls what the compiler wrote beside each kernel.
#include <dlfcn.h>
#include <elf.h>
#include <unistd.h>
#include <cstdio>
#include <cstring>
#include <string>
#include "state.h"

using Launch = void (*)(const unsigned* dimensions, size_t shared, void** arguments);
using Sizes = const size_t* (*)();

struct Function {
  Launch launch;
  const size_t* sizes;  // of the arguments, ended by 0
};

API int cuGetErrorName(int status, const char** text) {
  *text = status == CUDA_ERROR_NOT_FOUND ? "CUDA_ERROR_NOT_FOUND" : "CUDA_ERROR";
  return cudaSuccess;
}
API int cuGetErrorString(int, const char** text) {
  *text = "an error of the emulated device";
  return cudaSuccess;
}

// The context of a device is its number and one, since no context is null.
API int cuCtxGetCurrent(void** context) {
  *context = reinterpret_cast<void*>(size_t(current_device + 1));
  return cudaSuccess;
}
API int cuCtxSetCurrent(void*) { return cudaSuccess; }
API int cuCtxGetDevice(int* device) {
  *device = current_device;
  return cudaSuccess;
}
API int cuDevicePrimaryCtxRelease(int) { return cudaSuccess; }
API int cuStreamGetCtx(void*, void** context) { return cuCtxGetCurrent(context); }

// The section headers end a shared library, as the linker writes it.
static size_t size_of_library(const void* image) {
  auto header = static_cast<const Elf64_Ehdr*>(image);
  if (memcmp(header->e_ident, ELFMAG, SELFMAG)) return 0;
  return header->e_shoff + size_t(header->e_shentsize) * header->e_shnum;
}

API int cuModuleLoadData(void** module, const void* image) {
  size_t size = size_of_library(image);
  if (!size) return CUDA_ERROR_INVALID_IMAGE;
  char path[] = "/tmp/emulated_cuda.XXXXXX";
  int file = mkstemp(path);
  bool written = file >= 0 && write(file, image, size) == ssize_t(size);
  *module = written ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
  if (written && !*module) fprintf(stderr, "%s\n", dlerror());
  if (file >= 0) {
    close(file);
    unlink(path);
  }
  return *module ? int(cudaSuccess) : int(CUDA_ERROR_INVALID_IMAGE);
}

// Modules stay loaded: a graph may still launch their kernels.
API int cuModuleUnload(void*) { return cudaSuccess; }

API int cuModuleGetFunction(void** function, void* module, const char* name) {
  auto launch = reinterpret_cast<Launch>(dlsym(module, (std::string(name) + "__launch").c_str()));
  auto sizes = reinterpret_cast<Sizes>(dlsym(module, (std::string(name) + "__sizes").c_str()));
  if (!launch || !sizes) return CUDA_ERROR_NOT_FOUND;
  *function = new Function{launch, sizes()};
  return cudaSuccess;
}

API int cuModuleGetGlobal_v2(void** place, size_t* size, void* module, const char* name) {
  *place = dlsym(module, name);
  if (size) *size = 0;
  return *place ? int(cudaSuccess) : int(CUDA_ERROR_NOT_FOUND);
}

API int cuFuncGetAttribute(int* value, int which, void*) {
  *value = which == CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK ? 1024 : 0;
  return cudaSuccess;
}
API int cuFuncSetAttribute(void*, int, int) { return cudaSuccess; }
API int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void*, int, size_t) {
  *blocks = 2;
  return cudaSuccess;
}
API int cuOccupancyMaxPotentialBlockSize(int* grid, int* block, void*, void*, size_t, int) {
  *grid = 8;
  *block = 128;
  return cudaSuccess;
}

// The arguments are copied now, since a graph launches them later.
static std::vector<std::vector<char>> copies(const size_t* sizes, void** arguments) {
  std::vector<std::vector<char>> kept;
  for (; *sizes; ++sizes, ++arguments) {
    auto start = static_cast<char*>(*arguments);
    kept.emplace_back(start, start + *sizes);
  }
  return kept;
}

API int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                       unsigned shared, void* stream, void** arguments, void**) {
  auto f = static_cast<Function*>(function);
  return submit(stream, [=, kept = copies(f->sizes, arguments)]() mutable {
    std::vector<void*> places;
    for (auto& argument : kept) places.push_back(argument.data());
    const unsigned dimensions[] = {gx, gy, gz, bx, by, bz};
    f->launch(dimensions, shared, places.data());
  });
}

// Blocks run one after the other, so that a grid whose blocks wait for each other cannot be had.
API int cuLaunchCooperativeKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                                  unsigned bz, unsigned shared, void* stream, void** arguments) {
  if (gx * gy * gz > 1) return CUDA_ERROR_NOT_SUPPORTED;
  return cuLaunchKernel(function, gx, gy, gz, bx, by, bz, shared, stream, arguments, nullptr);
}
