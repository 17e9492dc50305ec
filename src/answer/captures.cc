// What the captured parts of a message mean (the table capture_meaning).
#include "answer/captures.h"

#include "base/text.h"
#include "base/version.h"
#include "query/term.h"

namespace cudacompat::answer {
namespace {

// A captured card, capability or target. The printed capability decides beside the printed name.
void TakeGpu(std::string value, const std::string& means, query::Question* question) {
  if (StartsWith(value, "compute_")) value = "sm_" + value.substr(8);
  if (means == "target" && !value.empty() && IsDigit(value[0])) value = "sm_" + value;
  const Result<query::Gpu> gpu = query::ParseGpu(value, {"text", "", 0});
  if (!gpu) return;
  if (question->gpus.empty() && (means == "gpu" || !gpu->capability.empty()))
    question->gpus.push_back(*gpu);
  else if (means != "gpu" && !gpu->capability.empty())
    question->gpus[0].capability = gpu->capability;
}

void TakeDriver(store::Store& store, const std::string& value, const std::string& means,
                query::Question* question) {
  if (means == "driver") {
    if (Result<query::Driver> driver = query::ParseDriver(value, {"text", "", 0})) question->driver = *driver;
  }
  if (means == "cuda-driver" && DottedKey(value)) question->cuda_driver = value;
  if (means == "ptx-of-driver")
    question->cuda_driver =
        store.Text("SELECT cuda FROM ptx_isa WHERE isa = ? ORDER BY cuda_key DESC LIMIT 1", {value});
}

}  // namespace

query::Question Complete(store::Store& store, const query::Question& known, const std::string& rule,
                         const std::map<std::string, std::string>& captures) {
  query::Question question = known;
  store::Statement rows = store.Prepare(
      "SELECT capture, means FROM capture_meaning WHERE rule_id = ? ORDER BY CASE means WHEN 'gpu' THEN 0 WHEN "
      "'capability' THEN 1 ELSE 2 END",
      {rule});
  while (rows.Step()) {
    const auto capture = captures.find(rows.text(0));
    if (capture == captures.end()) continue;
    const std::string means = rows.text(1);
    const bool card = means == "gpu" || means == "capability" || means == "target";
    if (card && known.gpus.empty()) TakeGpu(capture->second, means, &question);
    if (!question.driver && question.cuda_driver.empty() && question.jetpack.empty())
      TakeDriver(store, capture->second, means, &question);
  }
  return question;
}

void Translate(store::Store& store, const std::string& rule, std::map<std::string, std::string>* captures) {
  std::string made, knows;
  {
    store::Statement rows = store.Prepare(
        "SELECT capture, means FROM capture_meaning WHERE rule_id = ? AND means LIKE 'ptx%'", {rule});
    while (rows.Step()) {
      const auto capture = captures->find(rows.text(0));
      if (capture != captures->end()) (rows.text(1) == "ptx-made" ? made : knows) = capture->second;
    }
  }
  // The first release whose compiler writes that PTX; the last that the driver's own compiler still reads.
  made = store.Text("SELECT cuda FROM ptx_isa WHERE isa = ? ORDER BY cuda_key LIMIT 1", {made});
  knows = store.Text("SELECT cuda FROM ptx_isa WHERE isa = ? ORDER BY cuda_key DESC LIMIT 1", {knows});
  if (made.empty() || knows.empty()) return;
  (*captures)["made_by_cuda"] = made;
  (*captures)["driver_cuda"] = knows;
  for (const std::string os : {"linux", "windows"}) {
    std::string driver = store.Text(
        "SELECT first_version FROM driver_branch WHERE os = ?1 AND max_cuda_key >= ?2 AND first_version_key IS NOT NULL "
        "ORDER BY branch_key LIMIT 1",
        {os, DottedKey(made).value_or(0)});
    if (!driver.empty()) (*captures)[os + "_driver"] = driver;
  }
  std::string nvrtc = store.Text(
      "SELECT package FROM soname WHERE component = 'nvrtc' AND cuda = ? AND package <> '-' LIMIT 1",
      {knows.substr(0, knows.find('.'))});
  if (!nvrtc.empty()) (*captures)["nvrtc"] = nvrtc;
}

}  // namespace cudacompat::answer
