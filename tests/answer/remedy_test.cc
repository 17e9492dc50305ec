// Remedies: the table and the code that works its rows out know the same words.
#include "answer/remedy.h"

#include "catch.h"
#include "store/store.h"

using namespace cudacompat;
using namespace cudacompat::answer;

TEST_CASE("Each `how` of the data has code that works it out") {
  Result<store::Store> store = store::Store::Open();
  REQUIRE(store.ok());
  const std::vector<std::string> words = store->Texts("SELECT DISTINCT how FROM remedy");
  CHECK(words.size() > 20);
  for (const std::string& how : words) {
    CAPTURE(how);
    CHECK(KnowsHow(how));
  }
  CHECK_FALSE(KnowsHow("by-magic"));
}
