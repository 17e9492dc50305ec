#include "answer/proof.h"

#include "base/text.h"

namespace cudacompat::answer {

std::optional<ProofNode> ReadFact(store::Store& store, const std::string& id) {
  std::vector<std::string_view> parts = Split(id, '/');
  std::string table(parts[0]);
  const std::string key = store.Text("SELECT columns FROM fact_key WHERE name = ?", {table});
  const std::vector<std::string_view> columns = Words(key);
  if (columns.empty() || columns.size() + 1 != parts.size()) return std::nullopt;
  std::string where;
  std::vector<store::Value> values;
  for (size_t i = 0; i < columns.size(); ++i) {
    where += (i == 0 ? "f." : " AND f.") + std::string(columns[i]) + " = ?";
    values.emplace_back(std::string(parts[i + 1]));
  }
  store::Statement row = store.Prepare(
      store.WithViews({"sentence_" + table},
                      "SELECT f.sentence, f.locator, s.title, s.edition, s.url, s.retrieved FROM sentence_" +
                          table + " f LEFT JOIN source s ON s.source_id = f.source_id WHERE " + where),
      values);
  if (!row.Step()) return std::nullopt;
  ProofNode node;
  node.id = id;
  node.text = row.text(0);
  node.locator = row.text(1);
  node.source = row.text(2) + (row.text(3).empty() || row.text(3) == "-" ? "" : ", " + row.text(3));
  node.url = row.text(4);
  node.date = row.text(5);
  return node;
}

std::vector<ProofNode> ReadDisputes(store::Store& store, const std::string& fact) {
  std::vector<ProofNode> nodes;
  store::Statement disputes = store.Prepare(
      "SELECT d.other_value, d.reason, d.locator, s.title, s.url, s.retrieved FROM dispute d JOIN source "
      "s ON s.source_id = d.source_id WHERE d.fact_id = ?",
      {fact});
  while (disputes.Step()) {
    ProofNode other;
    other.id = "dispute/" + fact;
    other.text = "Another source says " + disputes.text(0) + ": " + disputes.text(1);
    other.locator = disputes.text(2);
    other.source = disputes.text(3);
    other.url = disputes.text(4);
    other.date = disputes.text(5);
    nodes.push_back(std::move(other));
  }
  return nodes;
}

ProofNode BuildProof(store::Store& store, const Answer& answer) {
  ProofNode root;
  root.id = "answer";
  root.rule = answer.rule;
  root.text = answer.summary;
  for (const Reason& reason : answer.reasons) {
    ProofNode node;
    node.id = reason.conclusion_id;
    node.rule = reason.rule;
    node.text = reason.summary;
    for (std::string_view premise : Words(reason.premises)) {
      std::optional<ProofNode> fact = ReadFact(store, std::string(premise));
      if (!fact) continue;
      node.children.push_back(*fact);
      node.children.back().children = ReadDisputes(store, std::string(premise));
    }
    store::Statement sources = store.Prepare(
        "SELECT s.title, r.locator, s.url, s.retrieved FROM rule_source r JOIN source s ON s.source_id = "
        "r.source_id WHERE r.rule_id = ?",
        {reason.rule});
    while (sources.Step()) {
      ProofNode law;
      law.id = "rule/" + reason.rule;
      law.text = "Rule " + reason.rule + ": " +
                 store.Text("SELECT meaning FROM rule WHERE rule_id = ?", {reason.rule});
      law.source = sources.text(0);
      law.locator = sources.text(1);
      law.url = sources.text(2);
      law.date = sources.text(3);
      node.children.push_back(law);
    }
    root.children.push_back(node);
  }
  // That a card of this name has this capability: every reason that names one rests on it.
  store::Statement cards = store.Prepare(
      "SELECT DISTINCT 'gpu/' || gpu_id FROM asked_device WHERE stated = 1 AND gpu_id IS NOT NULL ORDER BY 1");
  while (cards.Step()) {
    std::optional<ProofNode> fact = ReadFact(store, cards.text(0));
    if (!fact) continue;
    root.children.push_back(*fact);
    root.children.back().children = ReadDisputes(store, cards.text(0));
  }
  return root;
}

}  // namespace cudacompat::answer
