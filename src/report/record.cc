#include "report/record.h"

#include <fmt/format.h>
#include <string>
#include <type_traits>

#include "base/text.h"

namespace cudacompat::report {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kSchema = "cudacompat/device/1";

// Fields(visitor, value) names each field of a struct once; `kept` marks those that are written even when
// empty.

template <typename Visitor, typename T>
void GpuFields(Visitor& v, T& gpu) {
  v("gpu", gpu.name, true);
  v("compute_capability", gpu.compute_capability);
  v("count", gpu.count, true);
  v("pci_id", gpu.pci_id);
  v("bus_id", gpu.bus_id);
  v("memory_mib", gpu.memory_mib);
  v("memory_free_mib", gpu.memory_free_mib);
  v("compute_mode", gpu.compute_mode);
  v("mig", gpu.mig);
  v("mig_instances", gpu.mig_instances);
  v("kernel_driver", gpu.kernel_driver);
  v("persistence", gpu.persistence);
  v("virtualization", gpu.virtualization);
  v("licence", gpu.licence);
  v("where", gpu.where);
}

template <typename Visitor, typename T>
void PieceFields(Visitor& v, T& piece) {
  v("name", piece.name, true);
  v("version", piece.version, true);
  v("where", piece.where);
}

template <typename Visitor, typename T>
void PackageFields(Visitor& v, T& package) {
  v("package", package.package, true);
  v("version", package.version, true);
  v("tag", package.tag, true);
  v("text", package.text, true);
  v("python", package.python);
  v("cuda", package.cuda);
  v("env", package.env);
  v("where", package.where);
}

template <typename Visitor, typename T>
void PythonFields(Visitor& v, T& python) {
  v("version", python.version, true);
  v("path", python.path);
  v("active", python.active, true);
  v("env", python.env);
  v("kind", python.kind);
}

template <typename Visitor, typename T>
void LibraryFields(Visitor& v, T& library) {
  v("name", library.name, true);
  v("version", library.version);
  v("kind", library.kind);
  v("by", library.by);
  v("path", library.path);
  v("real", library.real);
  v("wins", library.wins, true);
}

template <typename Visitor, typename T>
void SightingFields(Visitor& v, T& sighting) {
  v("key", sighting.key, true);
  v("value", sighting.value, true);
  v("found", sighting.found, true);
  v("where", sighting.where);
}

template <typename Visitor, typename T>
void LineFields(Visitor& v, T& line) {
  v("line", line.line);
  v("text", line.text, true);
  v("where", line.where);
}

template <typename Visitor, typename T>
void Fields(Visitor& v, T& value) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, MachineGpu>) GpuFields(v, value);
  if constexpr (std::is_same_v<Plain, MachinePiece>) PieceFields(v, value);
  if constexpr (std::is_same_v<Plain, MachinePackage>) PackageFields(v, value);
  if constexpr (std::is_same_v<Plain, MachinePython>) PythonFields(v, value);
  if constexpr (std::is_same_v<Plain, MachineLibrary>) LibraryFields(v, value);
  if constexpr (std::is_same_v<Plain, Sighting>) SightingFields(v, value);
  if constexpr (std::is_same_v<Plain, MachineLine>) LineFields(v, value);
}

template <typename Visitor, typename T>
void MachineFields(Visitor& v, T& machine) {
  v("format", machine.format, true);
  v("os", machine.os, true);
  v("os_text", machine.os_text);
  v("arch", machine.arch, true);
  v("platform", machine.platform, true);
  v("jetpack", machine.jetpack);
  v("gpus", machine.gpus, true);
  v("kernel_driver", machine.kernel_driver, true);
  v("module_flavour", machine.module_flavour);
  v("cuda_driver", machine.cuda_driver, true);
  v("cuda_driver_where", machine.cuda_driver_where);
  v("toolkits", machine.toolkits, true);
  v("runtimes", machine.runtimes, true);
  v("python", machine.pythons, true);
  v("packages", machine.packages, true);
  v("libraries", machine.libraries);
  v("sightings", machine.sightings);
  v("errors", machine.errors);
  v("unread", machine.unread, true);
  v("problems", machine.problems, true);
}

struct Writer {
  ordered_json out = ordered_json::object();

  void operator()(const char* key, const std::string& value, bool kept = false) {
    if (kept || !value.empty()) out[key] = Printable(value);
  }
  void operator()(const char* key, int64_t value, bool kept = false) {
    if (kept || value > 0) out[key] = value;
  }
  void operator()(const char* key, int value, bool kept = false) {
    if (kept || value >= 0) out[key] = value;
  }
  void operator()(const char* key, bool value, bool = false) { out[key] = value; }
  void operator()(const char* key, const std::vector<std::string>& values, bool kept = false) {
    if (!kept && values.empty()) return;
    out[key] = ordered_json::array();
    for (const std::string& each : values) out[key].push_back(Printable(each));
  }
  template <typename T>
  void operator()(const char* key, const std::vector<T>& values, bool kept = false) {
    if (!kept && values.empty()) return;
    out[key] = ordered_json::array();
    for (const T& each : values) {
      Writer inner;
      Fields(inner, each);
      out[key].push_back(std::move(inner.out));
    }
  }
};

struct Reader {
  const json& in;
  std::string path;
  std::string problem;

  const json* Find(const char* key) {
    auto found = in.find(key);
    return found == in.end() || found->is_null() ? nullptr : &*found;
  }
  void Wrong(const char* key, const char* expected) {
    if (problem.empty()) problem = "\"" + path + key + "\" is not " + expected;
  }
  void operator()(const char* key, std::string& value, bool = false) {
    const json* found = Find(key);
    if (found == nullptr) return;
    if (!found->is_string()) return Wrong(key, "a text");
    value = found->get<std::string>();
  }
  template <typename T>
  void Number(const char* key, T& value) {
    const json* found = Find(key);
    if (found == nullptr) return;
    if (!found->is_number_integer() || found->get<double>() > 1e9 || found->get<double>() < -1e9) {
      return Wrong(key, "a number that can be");
    }
    value = found->get<T>();
  }
  void operator()(const char* key, int64_t& value, bool = false) { Number(key, value); }
  void operator()(const char* key, int& value, bool = false) { Number(key, value); }
  void operator()(const char* key, bool& value, bool = false) {
    const json* found = Find(key);
    if (found == nullptr) return;
    if (!found->is_boolean()) return Wrong(key, "true or false");
    value = found->get<bool>();
  }
  void operator()(const char* key, std::vector<std::string>& values, bool = false) {
    const json* found = Find(key);
    if (found == nullptr) return;
    if (!found->is_array()) return Wrong(key, "a list");
    for (const json& each : *found) {
      if (each.is_string()) values.push_back(each.get<std::string>());
    }
  }
  template <typename T>
  void operator()(const char* key, std::vector<T>& values, bool = false) {
    const json* found = Find(key);
    if (found == nullptr) return;
    if (!found->is_array()) return Wrong(key, "a list");
    for (const json& each : *found) {
      if (!each.is_object()) return Wrong(key, "a list of objects");
      Reader inner{each, path + key + ".", ""};
      T value{};
      Fields(inner, value);
      if (problem.empty()) problem = inner.problem;
      values.push_back(std::move(value));
    }
  }
};

/// true, false or null in JSON; "true", "false" or empty in a Machine.
void ReadAvailable(const json& in, Machine& machine) {
  auto found = in.find("available");
  if (found == in.end()) return;
  if (found->is_boolean()) machine.available = found->get<bool>() ? "true" : "false";
  if (found->is_string()) machine.available = found->get<std::string>();
}

Error NotARecord(const std::string& message) {
  return {ErrorKind::kBadInput, "", message, "a record is what `cudacompat device --json` prints"};
}

}  // namespace

ordered_json MachineToJson(const Machine& machine) {
  Writer writer;
  writer.out["schema"] = kSchema;
  MachineFields(writer, machine);
  writer.out["available"] =
      machine.available.empty() ? ordered_json() : ordered_json(machine.available == "true");
  return std::move(writer.out);
}

Result<Machine> MachineFromJson(const json& in) {
  if (!in.is_object()) return NotARecord("the record of a machine is not a JSON object");
  if (const json schema = in.value("schema", json(kSchema)); schema != kSchema)
    return NotARecord(
        fmt::format("the record is of the schema {}, and this program reads {}", schema.dump(), kSchema));
  Machine machine;
  Reader reader{in, "", ""};
  MachineFields(reader, machine);
  if (!reader.problem.empty()) return NotARecord(reader.problem);
  ReadAvailable(in, machine);
  machine.format = "record";
  return machine;
}

bool LooksLikeRecord(std::string_view text) {
  std::string_view begin = Trim(text.substr(0, 4096));
  if (begin.empty() || (begin[0] != '{' && begin[0] != '[')) return false;
  return Contains(begin, "\"cudacompat/device/");
}

Result<std::vector<Machine>> ReadRecords(std::string_view text) {
  if (JsonDepth(text) > kMostJsonDepth)
    return NotARecord("the record nests deeper than any that was written");
  json parsed = json::parse(text.begin(), text.end(), nullptr, false);
  if (parsed.is_discarded())
    return NotARecord("the record is not complete JSON: it is cut off or was changed by hand");
  json list = parsed.is_array() ? parsed : json::array({parsed});
  if (parsed.is_object() && parsed.contains("hosts") && parsed["hosts"].is_array()) list = parsed["hosts"];
  std::vector<Machine> machines;
  for (const json& each : list) {
    Result<Machine> machine = MachineFromJson(each);
    if (!machine.ok()) return machine.error();
    machines.push_back(std::move(*machine));
  }
  if (machines.empty()) return NotARecord("the record holds no machine");
  return machines;
}

}  // namespace cudacompat::report
