// One function per family of formats: each is shown every line, takes what it knows into the draft and says
// whether the line was its own. Several formats in one paste are the rule, so no reader owns the text.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "report/draft.h"
#include "report/line.h"

namespace cudacompat::report {

bool ReadSmiTable(const Line& line, Draft& draft);    ///< nvidia-smi without arguments, of every age
bool ReadSmiList(const Line& line, Draft& draft);     ///< nvidia-smi -L, and "GPU 0: …" of collect_env
bool ReadSmiQuery(const Line& line, Draft& draft);    ///< nvidia-smi -q
bool ReadSmiCsv(const Line& line, Draft& draft);      ///< nvidia-smi --query-gpu=… --format=csv
void ReadSmiXml(std::string_view xml, Draft& draft);  ///< nvidia-smi -q -x; may be cut off
bool ReadKernel(const Line& line,
                Draft& draft);  ///< /proc/driver/nvidia, modinfo, lspci, lsmod, dmesg, Jetson
bool ReadLabels(const Line& line, Draft& draft);    ///< GPU-feature-discovery: YAML, JSON, key=value
bool ReadPackages(const Line& line, Draft& draft);  ///< pip, conda, uv lists
bool ReadStartup(const Line& line, Draft& draft);   ///< what frameworks print when they find their cards
bool ReadSession(const Line& line, Draft& draft);   ///< a Python prompt: expression, then its value
bool ReadField(const Line& line, Draft& draft);     ///< "key: value" reports
bool ReadWindows(const Line& line, Draft& draft);   ///< dxdiag, systeminfo, wmic, in any language

bool ReadDesktop(const Line& line, Draft& draft);  ///< neofetch, inxi, glxinfo, gpustat; facts on one line

/// The "key: value" that a line holds behind leader dots or beside a picture; empty when it holds none.
std::string Unfolded(std::string_view text);

bool NoCard(std::string_view text);  ///< words that stand where a card should and are none

/// A card as a person or a field names it: "2x NVIDIA A100 (80GB)", "RTX 3060 and GTX 1080". False when it is
/// none.
bool AddGpuText(std::string_view text, Listing listing, Draft& draft);

/// fastfetch says behind a card's name where it sits: "… @ 2.4 GHz (16 GiB) [Discrete]".
std::string WithoutPlace(std::string card);

/// "24576 MiB", "24GB", "7.7 GiB" → MiB; 0 when there is none.
int64_t MemoryMib(std::string_view text);

/// "8.6", "86", "(8, 6)", "sm_86", "major: 8 minor: 6" → "8.6"; empty otherwise.
std::string Capability(std::string_view text);

}  // namespace cudacompat::report
