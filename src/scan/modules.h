// The modules of a file: containers that hold code, equal ones counted together, with the compression of each
// image. Does not own: which of them serves which card.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scan/report.h"

namespace cudacompat::scan {

/// How much of a file counts: all that was found, or what a search of the sections for device code alone
/// finds.
enum class Reach { kAll, kSections };

/// What a loader could take: machine code and PTX. LTO-IR stands for itself; all else is not device code yet.
/// An image that does not say its target is none of these.
bool IsCode(uint16_t kind, uint32_t arch);

/// True when every image is known: one by one, or summed.
bool ModulesKnown(const FileReport& file);

/// From the images one by one; of a file that was summed, what was kept then (all of it).
std::vector<ModuleSet> ModulesOf(const FileReport& file, Reach reach);

/// "k.o" of "k.o:.nv_fatbin", the source file that the image names, or its place: that of the container,
/// counted from 1, or of the image where `container` is 0.
std::string ModuleName(const FileReport& file, const Image& image, size_t container, uint64_t offset);

}  // namespace cudacompat::scan
