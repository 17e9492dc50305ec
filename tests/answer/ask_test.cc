// How an answer is put together (contract.md), on the real database: what does not depend on one fact.
#include "answer/ask.h"

#include <algorithm>

#include "answer/evaluate.h"
#include "catch.h"
#include "query/text.h"

using namespace cudacompat;
using namespace cudacompat::answer;

namespace {

Answer AskText(const std::string& text, Options options = {}) {
  Result<store::Store> store = store::Store::Open();
  REQUIRE(store.ok());
  query::Question question;
  const Status status = query::ParseText(text, ReadVocabulary(*store), &question);
  if (status) FAIL(status->message);
  return Ask(*store, question, options);
}

}  // namespace

TEST_CASE("The verdict, its rule and its sentence are of one row") {
  for (const char* text : {"torch 2.6.0+cu124 on MX450", "torch 2.9.0+cu128 on GTX 1080 Ti",
                           "torch on V100, driver 470.57.02, linux", "GTX 760, linux, driver 535.183.01",
                           "torch 2.6.0+cpu on T4"}) {
    CAPTURE(text);
    const Answer answer = AskText(text);
    REQUIRE_FALSE(answer.reasons.empty());
    CHECK(answer.reasons.front().rule == answer.rule);
    CHECK(answer.reasons.front().verdict == answer.verdict);
    CHECK_FALSE(answer.reasons.front().summary.empty());
    if (!answer.builds.empty()) CHECK(answer.builds.front().verdict == answer.verdict);
  }
}

TEST_CASE("Builds stand in the contract's order") {
  const Answer answer = AskText("torch on T4");
  REQUIRE(answer.builds.size() > 10);
  CHECK(std::is_sorted(answer.builds.begin(), answer.builds.end(),
                       [](const Build& a, const Build& b) { return a.verdict < b.verdict; }));
  CHECK(answer.builds.size() <= 50);
  Options all;
  all.all = true;
  CHECK(static_cast<int64_t>(AskText("torch on T4", all).builds.size()) == answer.builds_total);
}

TEST_CASE("Several cards: the worst gives the verdict, each has its own") {
  const Answer answer = AskText("torch 2.9.0+cu128 on T4, GTX 1080 Ti");
  CHECK(answer.verdict == Verdict::kIncompatible);
  REQUIRE(answer.devices.size() == 2);
  CHECK(answer.devices[0].verdict == Verdict::kCompatible);
  CHECK(answer.devices[1].verdict == Verdict::kIncompatible);
}

TEST_CASE("A remedy is a build that the same rules call compatible") {
  const Answer answer = AskText("torch 2.9.0+cu128 on GTX 1080 Ti, linux");
  REQUIRE_FALSE(answer.remedies.empty());
  const std::string& command = answer.remedies.front().commands.front();
  const size_t at = command.find("torch==");
  REQUIRE(at != std::string::npos);
  const std::string build = command.substr(at + 7, command.find(' ', at) - at - 7);
  CHECK(AskText("torch " + build + " on GTX 1080 Ti, linux").verdict == Verdict::kCompatible);
}

TEST_CASE("What is stated only takes away") {
  // Each fact more can only narrow: whatever runs on the stated machine runs on the less stated one.
  const Answer open = AskText("torch 2.6.0+cu124 on T4");
  const Answer closed = AskText("torch 2.6.0+cu124 on T4, linux, driver 535.183.01, python 3.11");
  CHECK(closed.builds_total <= open.builds_total);
  CHECK(closed.requirements.size() <= open.requirements.size());
}

TEST_CASE("A proof ends in facts that name their source") {
  Options options;
  options.proof = true;
  const Answer answer = AskText("torch 2.6.0+cu124 on MX450, linux, driver 535.183.01", options);
  REQUIRE(answer.proof);
  int sourced = 0;
  auto walk = [&](auto&& self, const ProofNode& node) -> void {
    if (!node.source.empty()) {
      ++sourced;
      CHECK_FALSE(node.locator.empty());
    }
    for (const ProofNode& child : node.children) self(self, child);
  };
  walk(walk, *answer.proof);
  CHECK(sourced >= 3);
  // The one fact that the question turns on: that the card of this name has this capability.
  const auto& roots = answer.proof->children;
  CHECK(std::any_of(roots.begin(), roots.end(), [](const ProofNode& node) {
    return node.id == "gpu/geforce-mx450" && !node.source.empty();
  }));
}

TEST_CASE("A name that many toolkits share is no floor of a new one") {
  Result<store::Store> store = store::Store::Open();
  REQUIRE(store);
  auto first = [&](const char* name) {
    return store->Text("SELECT min(cuda_key) / 1000000000000 FROM runtime_name WHERE name = ?", {name});
  };
  CHECK(first("libnvtoolsext.so.1") == "5");  // NVTX 1: the same file name up to CUDA 12
  CHECK(first("libcudart.so.12") == "12");
}

TEST_CASE("What a build loads and does not bring is required") {
  auto needs = [](const char* text) {
    std::vector<std::string> found;
    for (const Requirement& each : AskText(text).requirements) {
      if (each.what == "library" && each.one_of.front() != "glibc")
        found.push_back(each.one_of.front() + " " + each.minimum + " " + each.below);
    }
    return found;
  };
  CHECK(needs("tensorflow==2.18.0 on A100, linux") ==
        std::vector<std::string>{"cuda 12 13", "cudnn 9.3 10.0"});
  CHECK(needs("tensorflow==2.10.1 on RTX 3060, windows") ==
        std::vector<std::string>{"cuda 11 12", "cudnn 8.1 9.0"});
  CHECK(needs("tensorflow[and-cuda]==2.18.0 on A100, linux").empty());
  CHECK(needs("torch 2.6.0+cu124 on A100, linux").empty());
}

TEST_CASE("The driver that is required is one that the same rules accept") {
  for (const char* text :
       {"cuda 6.5 on 8800 GT, windows", "cuda 6.0 on GTX 680, windows", "cuda 5.0 on Tesla K20, windows",
        "cuda 3.0 on GTX 480, linux", "cuda 4.1 on GTX 580, linux", "cuda 9.1 on V100, linux"}) {
    CAPTURE(text);
    const std::vector<Requirement> needs = AskText(text).requirements;
    const auto driver = std::find_if(needs.begin(), needs.end(),
                                     [](const Requirement& need) { return need.what == "driver"; });
    REQUIRE(driver != needs.end());
    const std::string least = driver->sure_from.empty() ? driver->minimum : driver->sure_from;
    CHECK(AskText(text + (", driver " + least)).verdict == Verdict::kCompatible);
  }
}

TEST_CASE("A set of drivers: all, none, or conditional") {
  CHECK(AskText("torch 2.9.0+cu130 on H100, driver >=580, linux").verdict == Verdict::kCompatible);
  CHECK(AskText("torch 2.9.0+cu130 on H100, driver <=535, linux").verdict == Verdict::kIncompatible);
  CHECK(AskText("torch 2.9.0+cu130 on H100, driver >=535, linux").verdict == Verdict::kConditional);
}

TEST_CASE("A name of several cards that differ asks for the PCI id") {
  const Answer answer = AskText("cuda 9.0 on GT 730");
  CHECK(answer.devices.size() >= 2);
  CHECK(answer.verdict == Verdict::kUnknown);
  CHECK(answer.rule == "unknown-gpu");
  CHECK_FALSE(answer.missing.empty());
}

TEST_CASE("Every verdict is that of the best row of builds, also where a build is not in the data") {
  for (const char* text :
       {"torch 2.15.0 on GTX 1650, windows", "torch 2.15.0 on GTX 1650, windows, driver 390.65",
        "tensorflow 2.15 on RTX 3060, windows", "torchvision 0.21.0 on T4, windows"}) {
    CAPTURE(text);
    const Answer answer = AskText(text);
    REQUIRE_FALSE(answer.builds.empty());
    CHECK(answer.builds.front().verdict == answer.verdict);
    CHECK(answer.builds.front().rule == answer.rule);
    CHECK(answer.builds_total == static_cast<int64_t>(answer.builds.size()));
  }
}

TEST_CASE("An open card: each capability is judged for itself, as no driver must serve all") {
  auto cards = [](const std::string& text) {
    const Answer answer = AskText(text);
    for (const Requirement& requirement : answer.requirements) {
      if (requirement.what == "gpu") return requirement.one_of;
    }
    return std::vector<std::string>();
  };
  auto holds = [](const std::vector<std::string>& list, const std::string& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  for (const char* text : {"torch 2.6.0+cu124", "torch 2.7.1+cu118", "cuda 12.4"}) {
    CAPTURE(text);
    for (const char* card : {"5.0", "6.1", "7.0", "7.5", "9.0"}) {
      CAPTURE(card);
      CHECK(holds(cards(text), card));
    }
  }
  CHECK(holds(cards("torch cu92"), "3.7"));
  CHECK(holds(cards("torch 2.6.0+cu124, driver 580.65.06"), "6.1"));
  CHECK_FALSE(holds(cards("torch 2.6.0+cu124, driver 590.48.01"), "6.1"));
}

TEST_CASE("The cards for a driver are a table") {
  const Answer answer = AskText("gpus for driver 470.256.02");
  for (const Section& section : answer.sections) {
    if (section.name != "gpus") continue;
    CHECK(section.rows.front()[1] == "3.0");
    CHECK(section.rows.back()[1] == "8.6");
    return;
  }
  FAIL("no table of cards");
}

TEST_CASE("An open question shows the build that a closed one would take: no caveat before a caveat") {
  for (const char* target : {"T4, linux", "T4", "RTX 3090, linux"}) {
    CAPTURE(target);
    Options options;
    options.open = true;
    const Answer open = AskText(target, options);
    const Answer closed = AskText(std::string("torch on ") + target);
    const auto torch = std::find_if(open.builds.begin(), open.builds.end(),
                                    [](const Build& build) { return build.package == "torch"; });
    REQUIRE(torch != open.builds.end());
    CHECK(BuildName(*torch) == BuildName(closed.builds.front()));
  }
}

TEST_CASE("Exit codes") {
  CHECK(ExitCode(Verdict::kCompatible) == 0);
  CHECK(ExitCode(Verdict::kIncompatible) == 1);
  CHECK(ExitCode(Verdict::kConditional) == 2);
  CHECK(ExitCode(Verdict::kUnknown) == 3);
}
