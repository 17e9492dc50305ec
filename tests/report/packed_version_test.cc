#include "report/packed_version.h"

#include "catch.h"

namespace cudacompat::report {

TEST_CASE("CUDA versions printed as integers") {
  CHECK(DecodeCudaVersion("11040") == "11.4");
  CHECK(DecodeCudaVersion("12080") == "12.8");
  CHECK(DecodeCudaVersion("13000") == "13.0");
  CHECK(DecodeCudaVersion("9020") == "9.2");
  CHECK(DecodeCudaVersion("12.4") == "12.4");
  CHECK(DecodeCudaVersion("0").empty());
  CHECK(DecodeCudaVersion("x").empty());
  CHECK(DecodeCudaVersion("99999999999999999999").empty());
}

TEST_CASE("cuDNN versions printed as integers") {
  CHECK(DecodeCudnnVersion("8907") == "8.9.7");
  CHECK(DecodeCudnnVersion("8600") == "8.6");
  CHECK(DecodeCudnnVersion("90501") == "9.5.1");
  CHECK(DecodeCudnnVersion("9100") == "9.1");
  CHECK(DecodeCudnnVersion("91002") == "9.10.2");
  CHECK(DecodeCudnnVersion("7.6.5").size() == 5);
}

}  // namespace cudacompat::report
