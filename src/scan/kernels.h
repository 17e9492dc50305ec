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

/// "_Z3addPf" → "add(float*)"; names that are not mangled come back as they are.
std::string Demangled(const std::string& name);

}  // namespace cudacompat::scan
