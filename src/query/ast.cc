#include "query/ast.h"

#include <fmt/format.h>

namespace cudacompat::query {
namespace {

const char* OpText(Bound::Op op) {
  switch (op) {
    case Bound::Op::kEqual:
      return "==";
    case Bound::Op::kNotEqual:
      return "!=";
    case Bound::Op::kLess:
      return "<";
    case Bound::Op::kLessEqual:
      return "<=";
    case Bound::Op::kGreater:
      return ">";
    case Bound::Op::kGreaterEqual:
      return ">=";
    case Bound::Op::kPrefix:
      return "== prefix ";
    case Bound::Op::kNotPrefix:
      return "!= prefix ";
  }
  return "";
}

std::string BoundsText(const std::vector<Bound>& bounds) {
  std::string text;
  for (const Bound& bound : bounds)
    text += (text.empty() ? "" : ", ") + std::string(OpText(bound.op)) + bound.version;
  return text;
}

const char* FormText(Form form) {
  switch (form) {
    case Form::kVerdict:
      return "verdict";
    case Form::kGpus:
      return "gpus";
    case Form::kDrivers:
      return "drivers";
    case Form::kToolkits:
      return "toolkits";
    case Form::kHostCompilers:
      return "host compilers";
  }
  return "";
}

}  // namespace

std::string ToText(const Question& question) {
  std::string out = fmt::format("question: {}\n", FormText(question.form));
  for (const Gpu& gpu : question.gpus) {
    std::string kind = !gpu.capability.empty() ? "capability " + gpu.capability
                       : !gpu.pci_id.empty()   ? "pci id " + gpu.pci_id
                                               : "name " + gpu.name + (gpu.cut_short ? " (cut short)" : "");
    out += fmt::format("  gpu: {}{}\n", gpu.count > 1 ? fmt::format("{} of ", gpu.count) : "", kind);
  }
  if (question.driver) {
    const char* kind = question.driver->kind == Driver::Kind::kVersion  ? "version "
                       : question.driver->kind == Driver::Kind::kBranch ? "branch "
                                                                        : "bounds ";
    out += fmt::format("  driver: {}{}\n", kind, BoundsText(question.driver->bounds));
  }
  auto line = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out += fmt::format("  {}: {}\n", name, value);
  };
  line("cuda driver", question.cuda_driver);
  line("os", question.os);
  line("distribution", question.distribution);
  line("os release", question.os_release);
  line("c library", question.libc + (question.libc_version.empty() ? "" : " " + question.libc_version));
  line("arch", question.arch);
  line("jetpack", question.jetpack);
  line("python", question.python);
  line("platform", question.platform);
  line("module flavour", question.module_flavour);
  line("host compiler",
       question.host_compiler.empty() ? "" : question.host_compiler + " " + question.host_compiler_version);
  for (const std::string& words : question.unread) line("unread", words);
  for (const std::string& path : question.binaries) line("binary", path);
  for (const Subject& subject : question.subjects) {
    out += fmt::format("  subject: {}\n", subject.package);
    line("  extra", subject.extra);
    line("  version", BoundsText(subject.versions));
    line("  tag", subject.tag);
    line("  cuda", subject.cuda);
    if (subject.newest) line("  newest", "yes");
    for (const Image& image : subject.images) {
      line("  image", fmt::format("{} isa {} codec {}", image.target, image.isa, image.codec));
    }
  }
  return out;
}

}  // namespace cudacompat::query
