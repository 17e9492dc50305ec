// Names of kernels: which there are, and for which targets each was compiled. Needs every payload unpacked,
// one after the other; memory holds names only.
// Does not own: the walk that shows the images (Options::on_image).
#pragma once

#include <string>

#include "scan/options.h"
#include "scan/report.h"

namespace cudacompat::scan {

/// A hook that fills FileReport::kernels, at most kMostKernels names a file.
inline constexpr size_t kMostKernels = 200000;
ImageFn KernelHook();

/// A hook that fills FileReport::module_kernels: some names of each module.
ImageFn ModuleKernelHook();

/// "gemm3(unsigned int*), beta" of a module as ModuleName tells it; empty where none is known.
std::string KernelsOfModule(const FileReport& file, const std::string& module);

/// "_Z3addPf" → "add(float*)"; names that are not mangled come back as they are.
std::string Demangled(const std::string& name);

}  // namespace cudacompat::scan
