#include <fmt/format.h>

#include "base/text.h"
#include "cli/command.h"
#include "query/term.h"

namespace cudacompat::cli {
namespace {

query::Place PlaceOf(const std::string& flag, const std::string& value) { return {flag, value, 0}; }

Error EmptyValue(const std::string& flag) {
  return {ErrorKind::kUsage, flag, "the value is empty", "leave the flag out, or give it a value"};
}

constexpr size_t kLongestValue = 1000;  // of what is a name or a number

Status CheckValue(const std::string& flag, const std::string& value) {
  if (Trim(value).empty()) return EmptyValue(flag);
  if (value.size() <= kLongestValue) return std::nullopt;
  return query::PointAt(PlaceOf(flag, value), 0,
                        fmt::format("the value has {} bytes; {} are enough", value.size(), kLongestValue),
                        "a report or log is read by --target, explain or check");
}

// A flag that may stand once: twice with different values is a contradiction.
Result<std::string> Single(const std::string& flag, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    if (Status error = CheckValue(flag, value)) return *error;
    if (value != values.front()) {
      return Error{ErrorKind::kUsage, flag,
                   fmt::format("it is given twice: {} and {}", values.front(), value),
                   "leave one of them out"};
    }
  }
  return values.empty() ? std::string() : values.front();
}

// Paths and lists of images may be long.
Status CheckValues(const std::string& flag, const std::vector<std::string>& values, bool any_length = false) {
  for (const std::string& value : values) {
    if (any_length && !Trim(value).empty()) continue;
    if (Status error = CheckValue(flag, value)) return error;
  }
  return std::nullopt;
}

template <typename Parse>
Status Set(const std::string& flag, const std::vector<std::string>& values, std::string* field, Parse parse) {
  Result<std::string> value = Single(flag, values);
  if (!value) return value.error();
  if (values.empty()) return std::nullopt;
  Result<std::string> parsed = parse(*value, PlaceOf(flag, *value));
  if (!parsed) return parsed.error();
  if (!field->empty() && *field != *parsed) {
    return Error{ErrorKind::kUsage, flag,
                 fmt::format("the text says {} and the flag says {}", *field, *parsed),
                 "leave one of them out"};
  }
  *field = *parsed;
  return std::nullopt;
}

Status ReadTarget(const QuestionFlags& flags, query::Question* question) {
  if (Status error = CheckValues("--gpu", flags.gpus)) return error;
  for (const std::string& given : flags.gpus) {
    Result<query::Gpu> gpu = query::ParseGpu(given, PlaceOf("--gpu", given));
    if (!gpu) return gpu.error();
    question->gpus.push_back(*gpu);
  }
  Result<std::string> driver = Single("--driver", flags.driver);
  if (!driver) return driver.error();
  if (!flags.driver.empty()) {
    Result<query::Driver> parsed = query::ParseDriver(*driver, PlaceOf("--driver", *driver));
    if (!parsed) return parsed.error();
    if (question->driver && question->driver->given != parsed->given) {
      return Error{
          ErrorKind::kUsage, "--driver",
          fmt::format("the text says {} and the flag says {}", question->driver->given, parsed->given),
          "leave one of them out"};
    }
    question->driver = *parsed;
  }
  auto cuda = [](const std::string& text, const query::Place& place) {
    return query::ParseDotted(text, place, "CUDA version");
  };
  auto jetpack = [](const std::string& text, const query::Place& place) {
    return query::ParseDotted(text, place, "JetPack version");
  };
  if (Status error = Set("--cuda-driver", flags.cuda_driver, &question->cuda_driver, cuda)) return error;
  if (Status error = Set("--jetpack", flags.jetpack, &question->jetpack, jetpack)) return error;
  if (Status error = Set("--os", flags.os, &question->os, query::ParseOs)) return error;
  if (!flags.os.empty()) {
    const query::System system = query::WholeSystem(flags.os.front());
    if (!system.release.empty()) question->os_release = system.release;
    if (!system.distribution.empty()) question->distribution = system.distribution;
  }
  if (Status error = Set("--arch", flags.arch, &question->arch, query::ParseArch)) return error;
  if (Status error = Set("--python", flags.python, &question->python, query::ParsePython)) return error;
  if (Status error = Set("--platform", flags.platform, &question->platform, query::ParsePlatform))
    return error;
  if (question->platform == "wsl" && !question->os.empty() && question->os != "wsl" &&
      question->os != "linux") {
    return Error{ErrorKind::kUsage, "--platform",
                 fmt::format("inside WSL the system is Linux, and {} is stated", question->os),
                 "leave out --os, or --platform"};
  }
  if (question->platform == "wsl" && (question->os.empty() || question->os == "linux")) question->os = "wsl";
  // Hosted notebooks are Linux, unless a machine that was seen says otherwise.
  const bool machine = flags.here || !flags.target.empty() || !flags.root.empty();
  if (question->os.empty() && !machine && question->platform == "hosted") question->os = "linux";
  Result<std::string> compiler = Single("--host-compiler", flags.host_compiler);
  if (!compiler) return compiler.error();
  if (!flags.host_compiler.empty())
    return query::ParseHostCompiler(*compiler, PlaceOf("--host-compiler", *compiler), question);
  return std::nullopt;
}

template <typename Parse>
Status AddSubjects(const std::string& flag, const std::vector<std::string>& values, query::Question* question,
                   Parse parse) {
  if (Status error = CheckValues(flag, values, flag == "--images")) return error;
  for (const std::string& value : values) {
    Result<query::Subject> subject = parse(value, PlaceOf(flag, value));
    if (!subject) return subject.error();
    question->subjects.push_back(*subject);
  }
  return std::nullopt;
}

// What cannot be true together, whatever the facts are.
Status CheckConsistent(const query::Question& question) {
  bool jetson = !question.jetpack.empty() || question.arch == "tegra";
  if (jetson && !question.os.empty() && question.os != "linux") {
    return Error{ErrorKind::kUsage, "--os", "a Jetson runs Linux only",
                 "leave out --os, or --jetpack and --arch tegra"};
  }
  if (!question.jetpack.empty() && !question.arch.empty() && question.arch != "tegra" &&
      question.arch != "aarch64") {
    return Error{ErrorKind::kUsage, "--arch", "JetPack is for aarch64 boards",
                 "leave out --arch or --jetpack"};
  }
  if (!question.jetpack.empty() && question.driver) {
    return Error{ErrorKind::kUsage, "--jetpack", "a Jetson's driver comes with its JetPack",
                 "state --jetpack or a driver, not both; --cuda-driver is a newer libcuda on it"};
  }
  for (size_t i = 0; i < question.subjects.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const query::Subject &one = question.subjects[j], &other = question.subjects[i];
      if (one.kind != other.kind || one.package != other.package || one.given == other.given) continue;
      return Error{
          ErrorKind::kUsage, one.package,
          fmt::format("it is asked for twice: {} and {}", Printable(one.given), Printable(other.given)),
          "leave one of them out; a version and a tag are one: 2.6.0+cu124"};
    }
  }
  if (!question.host_compiler.empty()) {
    for (const query::Subject& subject : question.subjects) {
      if (subject.kind == query::Subject::Kind::kCuda) return std::nullopt;
    }
    return Error{ErrorKind::kUsage, "--host-compiler", "a host compiler is judged against a toolkit",
                 "add --cuda 12.4"};
  }
  return std::nullopt;
}

void AddFlag(CLI::App* command, const std::string& name, std::vector<std::string>* values,
             const std::string& help, const std::string& group) {
  command->add_option(name, *values, help)->allow_extra_args(false)->type_name("VALUE")->group(group);
}

}  // namespace

void AddTargetFlags(CLI::App* command, QuestionFlags* flags) {
  auto add = [&](const std::string& name, std::vector<std::string>* values, const std::string& help) {
    AddFlag(command, name, values, help, "Target: where it would run");
  };
  add("--gpu", &flags->gpus,
      "a card: MX450, \"RTX 4090 Laptop\", 7.5, sm_75, 10de:1f97; again for more cards");
  add("--driver", &flags->driver, "kernel driver: 535.183.01, a branch 535, or bounds \">=550\"");
  add("--cuda-driver", &flags->cuda_driver, "the CUDA version that the driver reports: 12.2");
  add("--os", &flags->os, "linux, windows or wsl");
  add("--arch", &flags->arch, "x86_64, aarch64 or tegra");
  add("--jetpack", &flags->jetpack, "JetPack of a Jetson: 6.2");
  add("--python", &flags->python, "3.11, 3.13t");
  add("--platform", &flags->platform, "bare, container, wsl, vm or hosted: what can be changed there");
}

void AddMachineFlags(CLI::App* command, QuestionFlags* flags) {
  const std::string target = "Target: where it would run";
  command->add_flag("--here", flags->here, "this machine, as device sees it")->group(target);
  AddFlag(command, "--target", &flags->target,
          "a report of a machine (- reads standard input): nvidia-smi, collect_env, device --json …", target);
  AddFlag(command, "--root", &flags->root,
          "a folder read as if it were /: a container image, a disk, a recorded machine", target);
}

void AddQuestionFlags(CLI::App* command, QuestionFlags* flags, bool query) {
  const std::string subject = "Subject: what would run";
  AddTargetFlags(command, flags);
  auto add = [&](const std::string& name, std::vector<std::string>* values, const std::string& help,
                 const std::string& group) { AddFlag(command, name, values, help, group); };
  add("--torch", &flags->torch, "cu124, 2.6.0, 2.6.0+cu124, \">=2.4,<2.7\" or cpu", subject);
  add("--package", &flags->packages, "NAME[EXTRA][==VERSION][+TAG]; again for more packages", subject);
  add("--cuda", &flags->cuda, "a toolkit or runtime release: 12.4 or 12.4.1", subject);
  add("--images", &flags->images, "images in one container: sm_80,sm_90a,compute_90@8.4,sm_86:zstd", subject);
  if (query)
    add("--binary", &flags->binaries, "a library, wheel or folder: its device code is judged; again for more",
        subject);
  add("--host-compiler", &flags->host_compiler,
      "with --cuda: \"gcc 13\", \"clang 17\", \"msvc 2022\", \"msvc 17.9\"", subject);
  if (query)
    command->add_option("question", flags->text,
                        "the question as one text: \"torch 2.6.0+cu124 on MX450, windows\"");
}

Result<query::Question> ReadQuestion(const QuestionFlags& flags, const query::Vocabulary& vocabulary) {
  query::Question question;
  for (const std::string& text : flags.text) {
    if (Status error = query::ParseText(text, vocabulary, &question)) return *error;
  }
  if (Status error = ReadTarget(flags, &question)) return *error;
  auto torch = [](const std::string& text, const query::Place& place) {
    return query::ParseRelease("torch", text, place);
  };
  if (Status error = AddSubjects("--torch", flags.torch, &question, torch)) return *error;
  if (Status error = AddSubjects("--package", flags.packages, &question, query::ParsePackage)) return *error;
  if (Status error = AddSubjects("--cuda", flags.cuda, &question, query::ParseCuda)) return *error;
  if (Status error = AddSubjects("--images", flags.images, &question, query::ParseImages)) return *error;
  if (Status error = CheckValues("--binary", flags.binaries, true)) return *error;
  question.binaries = flags.binaries;
  if (Status error = CheckConsistent(question)) return *error;
  return question;
}

}  // namespace cudacompat::cli
