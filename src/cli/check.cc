// `check PATH…`: scan, then judge against a target, a required list, an oldest driver or an older build. The
// gate for pipelines; exits by verdict.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>

#include "answer/check.h"
#include "answer/loose_images.h"
#include "base/text.h"
#include "cli/age.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/policy.h"
#include "cli/progress.h"
#include "query/require.h"
#include "render/check.h"
#include "render/scan_json_read.h"
#include "scan/kernels.h"
#include "scan/scan.h"

namespace cudacompat::cli {
namespace {

constexpr const char* kPolicyFile = "cudacompat.toml";

struct CheckFlags {
  std::vector<std::string> paths;
  QuestionFlags target;
  std::vector<std::string> require, forbid, oldest, baseline, policy;
  std::string format;
  bool json = false;
  bool shallow = false;
  bool kernels = false;
};

// The lines of a list file: "@list.txt", or the name of a file that exists; none where the value is the list.
Result<std::vector<std::string>> ListLines(const std::string& value) {
  std::error_code failed;
  const bool marked = StartsWith(value, "@");
  std::vector<std::string> lines;
  if (!marked && !std::filesystem::is_regular_file(value, failed)) return lines;
  Result<std::string> text = ReadWholeFile(marked ? value.substr(1) : value);
  if (!text) return text.error();
  bool any = false;
  for (std::string_view line : Split(*text, '\n')) {
    lines.emplace_back(line.substr(0, line.find('#')));
    any = any || !Trim(lines.back()).empty();
  }
  if (!any) {
    return Error{ErrorKind::kBadInput, Printable(value), "the list is empty",
                 "write one image or card a line"};
  }
  return lines;
}

// Each line is a list of words parted by commas; one at its end is no fault. A fault is the file's.
template <typename Add>
Status AddLines(const std::string& value, const std::vector<std::string>& lines, query::Question* question,
                Add add) {
  const std::string name = Printable(StartsWith(value, "@") ? value.substr(1) : value);
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = Trim(lines[i]);
    if (EndsWith(line, ",")) line = Trim(line.substr(0, line.size() - 1));
    if (line.empty()) continue;
    if (Status error = add(line, query::Place{fmt::format("{}:{}", name, i + 1), line, 0}, question)) {
      error->kind = ErrorKind::kBadInput;
      return error;
    }
  }
  return std::nullopt;
}

template <typename Add>
Status AddLists(const std::string& flag, const std::vector<std::string>& values, query::Question* question,
                Add add) {
  for (const std::string& value : values) {
    if (Trim(value).empty())
      return Error{ErrorKind::kUsage, flag, "the value is empty", "leave the flag out, or give it a value"};
    Result<std::vector<std::string>> lines = ListLines(value);
    if (!lines) return lines.error();
    if (lines->empty()) {
      if (Status error = add(value, query::Place{flag, value, 0}, question)) return error;
    } else if (Status error = AddLines(value, *lines, question, add)) {
      return error;
    }
  }
  return std::nullopt;
}

// What is wrong with a file is no matter of how the program was called.
Error InFile(Error error) {
  error.kind = ErrorKind::kBadInput;
  return error;
}

// The words of a policy, each with its place.
template <typename Add>
Status AddWords(const std::vector<Policy::Word>& words, query::Question* question, Add add) {
  for (const Policy::Word& word : words) {
    if (Status error = AddLists(word.place, {word.text}, question, add)) return InFile(*error);
  }
  return std::nullopt;
}

Status AddOldest(const std::string& text, const std::string& place, answer::CheckOptions* options) {
  Result<query::Driver> driver = query::ParseDriver(text, {place, text, 0});
  if (!driver) return driver.error();
  if (driver->kind == query::Driver::Kind::kBounds) {
    return Error{ErrorKind::kUsage, place, fmt::format("'{}' is no single driver", Printable(text)),
                 "write a version or a branch: 525.60.13 or 535"};
  }
  options->oldest_driver = *driver;
  return std::nullopt;
}

// --policy, or the file of that name in the current folder; no file is no policy.
Result<Policy> ReadPolicy(const CheckFlags& flags) {
  std::error_code failed;
  // A link that leads nowhere, or a folder of that name, is a policy that cannot be read.
  const std::filesystem::file_status there = std::filesystem::symlink_status(kPolicyFile, failed);
  if (flags.policy.empty() && there.type() == std::filesystem::file_type::not_found) return Policy{};
  const std::string path = flags.policy.empty() ? kPolicyFile : flags.policy.back();
  Result<std::string> text = ReadWholeFile(path);
  if (!text) return text.error();
  return ParsePolicy(*text, Printable(path));
}

// What a flag says stands in place of what the policy says.
Result<query::Question> ReadDemands(const CheckFlags& flags, const Policy& policy,
                                    answer::CheckOptions* options) {
  Result<query::Question> question = ReadQuestion(flags.target, {});
  if (!question) return question;
  std::vector<std::string> notes;
  if (options->machine != nullptr) {
    options->judge_hardware = answer::LeavesHardware(*question);
    options->machine_name = flags.target.here            ? "this machine"
                            : !flags.target.root.empty() ? flags.target.root.front()
                                                         : flags.target.target.front();
    answer::FillFromMachine(*options->machine, {}, &*question, &notes);
  }
  if (flags.require.empty()) {
    if (Status error = AddWords(policy.require, &*question, query::AddRequired)) return *error;
  } else if (Status error = AddLists("--require", flags.require, &*question, query::AddRequired)) {
    return *error;
  }
  if (flags.forbid.empty()) {
    if (Status error = AddWords(policy.forbid, &*question, query::AddForbidden)) return *error;
  } else if (Status error = AddLists("--forbid", flags.forbid, &*question, query::AddForbidden)) {
    return *error;
  }
  if (!flags.oldest.empty()) {
    if (Status error = AddOldest(flags.oldest.back(), "--oldest-driver", options)) return *error;
  } else if (policy.oldest_driver) {
    Status error = AddOldest(policy.oldest_driver->text, policy.oldest_driver->place, options);
    if (error) return InFile(*error);
  }
  return question;
}

// A baseline is a file, wheel or folder to scan, or what `scan --json` printed of it.
// One without device code would let everything pass.
Result<scan::Report> ReadBaseline(const std::string& path, const scan::Options& options) {
  Result<scan::Report> report =
      EndsWith(ToLower(path), ".json") ? render::ReadScanReport(path) : scan::ScanPaths({path}, options);
  if (!report) return report;
  const bool code = std::any_of(report->files.begin(), report->files.end(),
                                [](const scan::FileReport& file) { return file.images_total != 0; });
  if (!code || !report->unreadable.empty()) {
    return Error{ErrorKind::kBadInput, Printable(path),
                 report->unreadable.empty() ? "no file with device code" : report->unreadable.front().reason,
                 "a baseline is a library, a wheel, a folder, or the JSON of scan --json"};
  }
  return report;
}

// How many files were left out.
size_t Ignore(const std::vector<Policy::Word>& globs, scan::Report* report) {
  auto ignored = [&globs](const std::string& path) {
    const std::string name = path.substr(path.find_last_of("/!") + 1);
    return std::any_of(globs.begin(), globs.end(), [&](const Policy::Word& glob) {
      return GlobMatches(glob.text, path) || GlobMatches(glob.text, name);
    });
  };
  return std::erase_if(report->files, [&](const scan::FileReport& file) { return ignored(file.path); });
}

std::string Text(const std::string& format, const answer::CheckAnswer& answer, const scan::Report& report,
                 const Io& io) {
  if (format == "sarif") return render::CheckSarif(answer, report, CUDACOMPAT_VERSION);
  if (format == "junit") return render::CheckJunit(answer, report);
  if (format == "github") return render::CheckAnnotations(answer, report);
  return render::CheckText(answer, report, StyleOf(io));
}

Status CheckUsage(const CheckFlags& flags) {
  for (const std::string& path : flags.paths) {
    if (path.empty()) return Error{ErrorKind::kUsage, "PATH", "an empty path", "name a file or a folder"};
  }
  if (flags.json && !flags.format.empty() && flags.format != "json")
    return Error{ErrorKind::kUsage, "--format", "one output format at a time", "leave out --json"};
  for (const auto& [flag, values] :
       {std::pair("--oldest-driver", &flags.oldest), std::pair("--baseline", &flags.baseline),
        std::pair("--policy", &flags.policy)}) {
    if (values->size() > 1)
      return Error{ErrorKind::kUsage, flag, "it is given twice", "leave one of them out"};
    if (!values->empty() && Trim(values->front()).empty())
      return Error{ErrorKind::kUsage, flag, "the value is empty", "leave the flag out, or give it a value"};
  }
  return std::nullopt;
}

// --here, --target, --root: one machine, and what was seen there.
Status ReadMachine(const CheckFlags& flags, Io& io, std::vector<Machine>* machines,
                   answer::CheckOptions* options) {
  Result<store::Store> store = store::Store::Open();
  if (!store) return store.error();
  Result<std::vector<Machine>> seen = ReadMachines(flags.target, *store, io);
  if (!seen) return seen.error();
  if (seen->size() > 1) {
    return Error{ErrorKind::kUsage, "--target", "the text tells of several machines",
                 "check against one of them at a time"};
  }
  *machines = std::move(*seen);
  if (machines->empty()) return std::nullopt;
  options->machine = machines->data();
  options->findings = FindingsOf(*store, machines->front());
  return std::nullopt;
}

// What could not be read may hold anything: the others' good verdict is not that of all that was named.
void LeaveOpen(const scan::Report& report, answer::CheckAnswer* answer) {
  if (answer->verdict != answer::Verdict::kCompatible) return;
  answer->verdict = answer::Verdict::kConditional;
  answer->rule = "device-code-unreadable";
  answer->summary = fmt::format("{} could not be read ({}); of what was read: {}",
                                Printable(report.unreadable.front().path), report.unreadable.front().reason,
                                answer->summary);
}

// "#3 at 0x5f40 (gemm3(float*), beta)".
void NameKernels(const scan::Report& report, answer::CheckAnswer* answer) {
  for (answer::CheckedFile& file : answer->files) {
    for (answer::CheckFinding& finding : file.findings) {
      for (std::string& module : finding.modules) {
        const std::string kernels = scan::KernelsOfModule(report.files[file.report_index], module);
        if (!kernels.empty()) module += " (" + kernels + ")";
      }
    }
  }
}

int RunCheck(const CheckFlags& flags, Io& io) {
  if (Status error = CheckUsage(flags)) return Fail(io, *error);
  Result<Policy> policy = ReadPolicy(flags);
  if (!policy) return Fail(io, policy.error());
  answer::CheckOptions options;
  std::vector<Machine> machines;
  if (Status error = ReadMachine(flags, io, &machines, &options)) return Fail(io, *error);
  Result<query::Question> question = ReadDemands(flags, *policy, &options);
  if (!question) return Fail(io, question.error());
  scan::Options how;
  how.deep = !flags.shallow;
  scan::Report old;
  if (!flags.baseline.empty()) {
    Result<scan::Report> baseline = ReadBaseline(flags.baseline.front(), how);
    if (!baseline) return Fail(io, baseline.error());
    old = std::move(*baseline);
    answer::FoldLooseImages(&old);
    options.baseline = &old;
    options.baseline_name = flags.baseline.front();
  }
  scan::Report report;
  {
    ProgressLine line(io);
    // With a baseline the images are asked again: what of them lies in the sections for device code.
    how.keep_images = options.baseline != nullptr;
    how.sum_modules = options.baseline == nullptr;
    if (flags.kernels) how.on_image = scan::ModuleKernelHook();
    report = scan::ScanPaths(flags.paths, how, line.Hook());
  }
  const size_t ignored = Ignore(policy->ignore, &report);
  const int unreadable = TellUnreadable(flags.paths, true, report, io);
  if (unreadable != 0 && report.files.empty()) return unreadable;
  answer::StandIn(ignored, &report);
  answer::FoldLooseImages(&report);
  Result<store::Store> store = store::Store::Open();
  if (!store) return Fail(io, store.error());
  answer::CheckAnswer answer = answer::Check(*store, *question, report, options);
  if (unreadable != 0) LeaveOpen(report, &answer);
  if (flags.kernels) NameKernels(report, &answer);
  const std::string format = flags.json ? "json" : flags.format;
  if (format == "json") {
    render::WriteCheckJson(answer, report, io.out);
  } else {
    io.out << Text(format, answer, report, io);
  }
  TellAge(io, answer.as_of, -1);
  return unreadable != 0 ? unreadable : answer::ExitCode(answer.verdict);
}

}  // namespace

int TellUnreadable(const std::vector<std::string>& named, bool all, const scan::Report& report, Io& io) {
  int code = 0;
  for (const scan::Unreadable& path : report.unreadable) {
    const int failed = Fail(
        io, {ErrorKind::kBadInput, Printable(path.path), path.reason, "check the path and its permissions"});
    if (all || std::find(named.begin(), named.end(), path.path) != named.end()) code = failed;
  }
  return code;
}

void AddCheck(CLI::App* app, Io& io, int* code) {
  CLI::App* command =
      app->add_subcommand("check", "Does the device code in these files serve what it must? For pipelines");
  auto flags = std::make_shared<CheckFlags>();
  command->add_option("path", flags->paths, "libraries, objects, wheels, archives, folders")
      ->required()
      ->type_name("PATH");
  AddTargetFlags(command, &flags->target);
  AddMachineFlags(command, &flags->target);
  const std::string group = "What must hold";
  auto add = [&](const std::string& name, std::vector<std::string>* values, const std::string& type,
                 const std::string& help) {
    command->add_option(name, *values, help)->allow_extra_args(false)->type_name(type)->group(group);
  };
  add("--require", &flags->require, "LIST",
      "images that every module must hold (sm_75,sm_90a,compute_90,+PTX,all-major), cards that must be served "
      "(\"RTX 2080,7.5\"), or a file with such words");
  add("--forbid", &flags->forbid, "LIST", "images that no module may hold: sm_50,compute_70,+PTX");
  add("--oldest-driver", &flags->oldest, "VERSION", "it must still run there: 525.60.13");
  add("--baseline", &flags->baseline, "OLD",
      "an older build, or its scan --deep --json: no coverage may be lost");
  add("--policy", &flags->policy, "FILE",
      "require, forbid, oldest-driver and ignore (default: ./cudacompat.toml)");
  command->add_flag("--kernels", flags->kernels,
                    "name the kernels of the modules that are told (unpacks everything)");
  command->add_flag("--shallow", flags->shallow, "read only the sections made for device code");
  command->add_option("--format", flags->format, "text, json, sarif, junit or github")
      ->check(CLI::IsMember({"text", "json", "sarif", "junit", "github"}));
  command->add_flag("--json", flags->json, "one JSON object on standard output");
  command->callback([flags, &io, code] { *code = RunCheck(*flags, io); });
}

}  // namespace cudacompat::cli
