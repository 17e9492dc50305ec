// An answer as text: the verdict first, then why, then what to do; hostile names are shown, not printed raw.
#include "render/text.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "catch.h"
#include "render/json.h"

using namespace cudacompat;

namespace {

answer::Answer Sample() {
  answer::Answer answer;
  answer.verdict = answer::Verdict::kIncompatible;
  answer.rule = "no-kernel-image";
  answer.summary = "It does not run.";
  answer.reasons = {{"no-kernel-image", answer::Verdict::kIncompatible, "No image.", "", ""}};
  answer.predicted_error = answer::PredictedError{209, "cudaErrorNoKernelImageForDevice"};
  answer.remedies = {
      {{"package"}, "Install another build", {"pip install torch==2.6.0+cu124"}, {"root"}, "none"}};
  answer.missing = {{"gpu", "\x1b[31mred", {"MX450"}, ""}};
  answer.as_of = "2026-10-15";
  answer.data_version = "0123456789abcdef";
  return answer;
}

}  // namespace

TEST_CASE("The verdict comes first, then why, then what to do") {
  const std::string text = render::ToText(Sample(), {});
  CHECK(StartsWith(text, "incompatible (no-kernel-image)\nIt does not run.\n"));
  const size_t error = text.find("209 cudaErrorNoKernelImageForDevice");
  const size_t command = text.find("       pip install torch==2.6.0+cu124\n");
  REQUIRE(error != std::string::npos);
  REQUIRE(command != std::string::npos);
  CHECK(error < command);
  CHECK(text.find("[needs: root]") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("JSON has every key of the contract") {
  const nlohmann::json json = nlohmann::json::parse(render::Dump(render::ToJson(Sample())));
  for (const char* key :
       {"schema", "verdict", "rule", "summary", "reasons", "devices", "builds", "builds_total", "requires",
        "caveats", "predicted_error", "remedies", "missing", "proof", "data"}) {
    CAPTURE(key);
    CHECK(json.contains(key));
  }
  CHECK(json["schema"] == "cudacompat/answer/1");
  CHECK(json["predicted_error"]["code"] == 209);
  CHECK(json["proof"].is_null());
}

TEST_CASE("Bytes that are no UTF-8 do not break JSON") {
  answer::Answer answer = Sample();
  answer.summary = "bad \xff\xfe byte";
  CHECK(nlohmann::json::accept(render::Dump(render::ToJson(answer))));
}
