// One scanned file as a JSON value, for the commands that put it into a larger answer (`check`).
#pragma once

#include <nlohmann/json.hpp>

#include "answer/driver_floor.h"
#include "render/scan_json.h"

namespace cudacompat::render {

nlohmann::ordered_json FloorJson(const answer::DriverFloor& floor);
nlohmann::ordered_json ScanFileJson(const scan::FileReport& file);

}  // namespace cudacompat::render
