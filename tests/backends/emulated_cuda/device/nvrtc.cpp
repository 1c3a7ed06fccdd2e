// Compilation while the program runs: NVRTC's functions around a compiler that the caller brings.
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>
#include "cuda.h"

// Compiles a source into FOLDER/kernel.so, with its complaints in FOLDER/log; `names` and `options` have one a line.
using Compiler = int (*)(const char* source, const char* names, const char* options, const char* folder);
static Compiler compiler = nullptr;

struct Program {
  std::string source, log, binary;
  std::vector<std::string> names, lowered;
};

API void emulated_cuda_compile_by(Compiler given) { compiler = given; }

static std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

API const char* nvrtcGetErrorString(int status) {
  return status == NVRTC_ERROR_COMPILATION ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR";
}
API int nvrtcVersion(int* major, int* minor) {
  *major = 13;
  *minor = 0;
  return cudaSuccess;
}
API int nvrtcCreateProgram(Program** program, const char* source, const char*, int, const char**, const char**) {
  *program = new Program{source, {}, {}, {}, {}};
  return cudaSuccess;
}
API int nvrtcDestroyProgram(Program** program) {
  delete *program;
  return cudaSuccess;
}

// A template is known by a name of its own, which its place in the list gives.
API int nvrtcAddNameExpression(Program* program, const char* name) {
  program->lowered.push_back("kernel_" + std::to_string(program->names.size()));
  program->names.push_back(name);
  return cudaSuccess;
}
API int nvrtcGetLoweredName(Program* program, const char* name, const char** found) {
  for (size_t k = 0; k < program->names.size(); ++k)
    if (program->names[k] == name) {
      *found = program->lowered[k].c_str();
      return cudaSuccess;
    }
  return NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID;
}

static std::string lines(const std::vector<std::string>& parts) {
  std::string all;
  for (auto& part : parts) all += part + "\n";
  return all;
}

API int nvrtcCompileProgram(Program* program, int n, const char** options) {
  char folder[] = "/tmp/emulated_cuda.XXXXXX";
  if (!compiler || !mkdtemp(folder)) return NVRTC_ERROR_PROGRAM_CREATION_FAILURE;
  auto given = lines(std::vector<std::string>(options, options + n));
  int status = compiler(program->source.c_str(), lines(program->names).c_str(), given.c_str(), folder);
  program->log = text_of(std::string(folder) + "/log");
  program->binary = text_of(std::string(folder) + "/kernel.so");
  std::filesystem::remove_all(folder);
  return status ? int(NVRTC_ERROR_COMPILATION) : int(cudaSuccess);
}

static int size(const std::string& text, size_t* n) {
  *n = text.size() + 1;
  return cudaSuccess;
}
static int copy(const std::string& text, char* to) {
  memcpy(to, text.c_str(), text.size() + 1);
  return cudaSuccess;
}
API int nvrtcGetPTXSize(Program* program, size_t* n) { return size(program->binary, n); }
API int nvrtcGetPTX(Program* program, char* to) { return copy(program->binary, to); }
API int nvrtcGetCUBINSize(Program* program, size_t* n) { return size(program->binary, n); }
API int nvrtcGetCUBIN(Program* program, char* to) { return copy(program->binary, to); }
API int nvrtcGetProgramLogSize(Program* program, size_t* n) { return size(program->log, n); }
API int nvrtcGetProgramLog(Program* program, char* to) { return copy(program->log, to); }
