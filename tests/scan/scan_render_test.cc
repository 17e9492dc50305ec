// The scanner's report as people and scripts get it.
#include <nlohmann/json.hpp>

#include "catch.h"
#include "fixtures.h"
#include "render/scan_json.h"
#include "render/scan_text.h"

using namespace fixtures;
using namespace cudacompat;

namespace {

scan::Report ReportOf(const Blob& bytes) {
  scan::Report report;
  report.files = ScanBytes(bytes);
  report.files_examined = 1;
  return report;
}

Blob Library() {
  Entry cubin = Cubin(90, 0x108000);
  Entry ptx = Ptx(90, 8, 4, 0x2000);
  cubin.full_size = ptx.full_size = 64;
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(80), cubin, ptx})}};
  elf.needed = {"libcudart.so.12"};
  return ElfBytes(elf);
}

}  // namespace

TEST_CASE("scan list: the contract's five columns, for a library, a raw file, archives") {
  CHECK(render::ScanList(ReportOf(Library())) ==
        "1\tcubin\tsm_80\tnone\t.nv_fatbin\n"
        "2\tcubin\tsm_90a\tzstd\t.nv_fatbin\n"
        "3\tptx\tcompute_90\tlz4\t.nv_fatbin\n");
  CHECK(render::ScanList(ReportOf(ContainerOf({Cubin(75)}))) == "1\tcubin\tsm_75\tnone\t-\n");
  CHECK(render::ScanList(ReportOf(ArBytes({{"k.o", Library()}}))).substr(0, 34) ==
        "1\tcubin\tsm_80\tnone\tk.o:.nv_fatbin\n");
  CHECK(render::ScanList(ReportOf(ZipBytes({{"a/k.so", Library()}}, Method::kDeflated))).substr(0, 37) ==
        "1\tcubin\tsm_80\tnone\ta/k.so:.nv_fatbin\n");
}

TEST_CASE("scan csv: fields with commas and quotes are quoted") {
  Entry named = Cubin(80);
  named.identifier = "a,\"b\".cu";
  const std::string csv = render::ScanCsv(ReportOf(ContainerOf({named})));
  CHECK(csv.substr(csv.find('\n') + 1) ==
        "file,1,cubin,sm_80,,none,-,false,true,false,0,16,64,0,false,\"a,\"\"b\"\".cu\"\r\n");
}

TEST_CASE("scan table: what a person reads") {
  CHECK(render::ScanTable(ReportOf(Library())) ==
        "[1] file\n"
        "    elf x86_64, " +
            std::to_string(Library().size()) +
            " bytes, 3 images in 1 container, uniform\n"
            "    codecs     1 lz4, 1 none, 1 zstd\n"
            "    needs      libcudart.so.12\n"
            "    driver     linux 550.40.07 or newer (PTX ISA 8.4)\n"
            "\n"
            "target            [1]\n"
            "sm_80             all\n"
            "sm_90a            all\n"
            "compute_90@8.4    all\n"
            "of                  1\n"
            "\n"
            "Cells count the containers (about: source files) that hold the target; \"all\" is every one.\n");
}

TEST_CASE("scan json: the contract's keys") {
  const auto json = nlohmann::json::parse(render::ScanJson(ReportOf(Library()), {true}));
  CHECK(json["schema"] == "cudacompat/scan/1");
  const auto& file = json["files"][0];
  CHECK(file["path"] == "file");
  CHECK(file["format"] == "elf");
  CHECK(file["searched"] == "sections");
  CHECK(file["containers"] == 1);
  CHECK(file["needs"] == nlohmann::json({"libcudart.so.12"}));
  CHECK(file["coverage"]["style"] == "uniform");
  CHECK(file["implied"]["ptx_isa"] == "8.4");
  REQUIRE(file["images"].size() == 3);
  CHECK(file["images"][0]["kind"] == "ptx");
  CHECK(file["images"][0]["target"] == "compute_90");
  CHECK(file["images"][0]["ptx_isa"] == "8.4");
  CHECK(file["images"][0]["count"] == 1);
  CHECK(file["images"][0]["compression"] == "lz4");
  CHECK(file["images"][0]["section"] == ".nv_fatbin");
  CHECK(file["images"][0]["in_fatbin_section"] == true);
  CHECK(file["entries"].size() == 3);
  CHECK(file["entries"][1]["target"] == "sm_90a");
}
