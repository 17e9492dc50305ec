// One text as a question: its order is free, and it makes what the flags make.
#include "query/text.h"

#include "catch.h"

using namespace cudacompat;
using namespace cudacompat::query;

namespace {

const Vocabulary kVocabulary{{"torch", "tensorflow", "jax", "cupy-cuda12x", "onnxruntime-gpu"}};
const Vocabulary kTagged{{"torch"}, {"torch"}};

std::string Ast(std::string_view text) {
  Question question;
  const Status status = ParseText(text, kVocabulary, &question);
  return status ? "error: " + status->message : ToText(question);
}

}  // namespace

TEST_CASE("Clauses may stand in any order") {
  const std::string ast = Ast("torch 2.6.0+cu124 on MX450, windows, driver 560.94");
  CHECK(ast == Ast("windows, driver 560.94, torch 2.6.0+cu124 on MX450"));
  CHECK(ast == Ast("torch 2.6.0+cu124, MX450, driver 560.94, windows"));
  CHECK(ast == Ast("560.94, torch 2.6.0+cu124, windows, MX450"));
  CHECK(ast == Ast("MX450 560.94 windows torch 2.6.0+cu124"));
  CHECK(ast.find("2.6.0") != std::string::npos);
}

TEST_CASE(
    "Words that no card has are a package, or are said to be unread; never an unknown card beside a known one") {
  Vocabulary vocabulary = kVocabulary;
  vocabulary.card_word = [](const std::string& word) {
    return word == "gaming" || word == "workstation" || word == "dual";
  };
  vocabulary.card = [](const std::string& key) {
    return key == "rtx3090" || key == "gtx970" || key == "a100" || key == "rtx3060laptop" ||
           key == "rtx3060" || key == "3060" || key == "g4dnxlarge";
  };
  auto read = [&](std::string_view text) {
    Question question;
    const Status status = ParseText(text, vocabulary, &question);
    if (status) return "error: " + status->message;
    std::string out;
    for (const Gpu& gpu : question.gpus) out += "[" + std::to_string(gpu.count) + " " + gpu.name + "]";
    for (const Subject& subject : question.subjects)
      out +=
          "(" + subject.package + (subject.versions.empty() ? "" : " " + subject.versions[0].version) + ")";
    for (const std::string& words : question.unread) out += "?" + words;
    return out;
  };
  CHECK(read("old GTX 970, torch 2.6.0") == "[1 GTX 970](torch 2.6.0)?old");
  CHECK(read("two rtx 3090 with nvlink") == "[2 rtx 3090]?nvlink");
  CHECK(read("deepspeed on A100") == "[1 A100](deepspeed)");
  // a release behind a word that no card has is that word's, and never a second card
  CHECK(read("numba 3.0 rtx 3090") == "[1 rtx 3090](numba 3.0)");
  CHECK(read("torch 2.6.0 rtx 3090 kernel 6.2") == "[1 rtx 3090](torch 2.6.0)(kernel 6.2)");
  CHECK(read("torch 2.6.0 on compute capability 8.6") == "[1 ](torch 2.6.0)");
  // brackets are clauses of their own, and say nothing of a second card
  CHECK(read("torch 2.6.0 on rtx 3090 (windows 11)") == "[1 rtx 3090](torch 2.6.0)");
  CHECK(read("torch 2.6.0 (python 3.12) on rtx 3090") == "[1 rtx 3090](torch 2.6.0)");
  CHECK(read("torch (2.6.0) on rtx 3090 (8.6)") == "[1 rtx 3090](torch 2.6.0)?8.6");
  CHECK(read("rtx 3090 ( ampere ), torch 2.6.0") == "[1 rtx 3090](torch 2.6.0)?ampere");
  CHECK(read("rtx 3090 compute capability 8.6, torch 2.6.0") == "[1 rtx 3090](torch 2.6.0)?8.6");
  // the toolkit's names
  CHECK(read("cuda toolkit 12.4 rtx 3090") == "[1 rtx 3090](cuda 12.4)");
  CHECK(read("cudatoolkit 12.4, rtx 3090") == "[1 rtx 3090](cuda 12.4)");
  CHECK(read("nvcc v12.4 rtx 3090") == "[1 rtx 3090](cuda 12.4)");
  CHECK(read("cuda version: 12.4 rtx 3090 driver version: 560.94") == "[1 rtx 3090](cuda 12.4)");
  CHECK(read("torch 2.4 cuda 12 on a100") == "[1 a100](torch 2.4)");
  CHECK(read("aws ml.g4dn.xlarge, torch 2.6.0") == "[1 g4dn.xlarge](torch 2.6.0)");
  CHECK(read("numba 0.60 on A100") == "[1 A100](numba 0.60)");
  CHECK(read("exllamav2 0.2.3 on A100") == "[1 A100](exllamav2 0.2.3)");
  CHECK(read("torch 2.6.0 on A100, transformers==4.44") == "[1 A100](torch 2.6.0)(transformers 4.44)");
  CHECK(read("spconv-cu118 on A100") == "[1 A100](spconv-cu118)");
  CHECK(read("laptop RTX 3060, torch 2.6.0") == "[1 RTX 3060 laptop](torch 2.6.0)");
  CHECK(read("I have a laptop with an RTX 3060") == "[1 RTX 3060 laptop]");
  CHECK(read("dual RTX 3090 workstation") == "[2 RTX 3090]");
  CHECK(read("RTX 3090 for gaming") == "[1 RTX 3090]?gaming");
  CHECK(read("RTX 4O90, torch 2.6.0") == "[1 RTX 4O90](torch 2.6.0)");
  CHECK(read("RXT 3060") == "[1 RXT 3060]");
  CHECK(read("frobnicate on linux") == "[1 frobnicate]");
  CHECK(read("torch version 2.6.0 on A100") == "[1 A100](torch 2.6.0)");
  CHECK(read("puedo usar torch 2.6.0 con mi RTX 3060") == "[1 RTX 3060](torch 2.6.0)");
  CHECK(read("gpu: RTX 3060; driver: 560.94; os: windows") == "[1 RTX 3060]");
}

TEST_CASE("A driver, a toolkit or a card that is asked for is a form, wherever it stands") {
  auto form = [](std::string_view text) {
    Question question;
    const Status status = ParseText(text, kVocabulary, &question);
    return status ? Form::kHostCompilers : question.form;
  };
  for (const char* text :
       {"which driver do I need for cuda 12.9 on linux", "minimum driver for cuda 12.4 windows",
        "which driver for RTX 5090 linux", "RTX 5090, which driver do I need", "welcher Treiber für RTX 5090",
        "RTX 5090 needs which driver"}) {
    CAPTURE(text);
    CHECK(form(text) == Form::kDrivers);
  }
  CHECK(form("What CUDA version does the RTX 5070 need?") == Form::kToolkits);
  CHECK(form("which gpu do I need for torch 2.6.0") == Form::kGpus);
  CHECK(form("torch 2.6.0, cuda driver 12.2, driver 560.94") == Form::kVerdict);
  CHECK(form("driver on linux") == Form::kHostCompilers);  // an error
}

TEST_CASE("The form of the question is read off its first words") {
  auto form = [](std::string_view text) {
    Question question;
    ParseText(text, kVocabulary, &question);
    return question.form;
  };
  CHECK(form("gpus for torch 2.6.0+cu124") == Form::kGpus);
  CHECK(form("drivers for cuda 12.4 on linux") == Form::kDrivers);
  CHECK(form("toolkits for sm_75") == Form::kToolkits);
  CHECK(form("host compilers for cuda 12.4") == Form::kHostCompilers);
  CHECK(form("torch 2.6.0 on T4") == Form::kVerdict);
  CHECK(form("which gpus run torch 2.6.0+cu124?") == Form::kGpus);
  CHECK(form("what drivers does cuda 12.4 support on linux") == Form::kDrivers);
}

TEST_CASE("The words of a question say nothing") {
  CHECK(Ast("can my MX450 run torch 2.6.0+cu124 on windows?") == Ast("MX450, torch 2.6.0+cu124, windows"));
  CHECK(Ast("will torch 2.6.0 work with my T4 ?!") == Ast("torch 2.6.0, T4"));
  CHECK(Ast("What can I run on this RTX 3060?") == Ast("RTX 3060"));
  CHECK(Ast("A 100 and torch 2.9.0").find("A 100") != std::string::npos);
  CHECK(Ast("RTX A 6000, torch 2.9.0").find("RTX A 6000") != std::string::npos);
}

TEST_CASE("CUDA behind a package, or 'with' it, is its build; elsewhere the toolkit") {
  auto tag = [](std::string_view text) {
    Question question;
    ParseText(text, kTagged, &question);
    return question.subjects.empty() ? "none" : question.subjects[0].tag;
  };
  CHECK(tag("torch 2.6.0 cuda 12.4 on T4") == "cu124");
  CHECK(tag("torch 2.6.0 with cuda 12.4 on T4") == "cu124");
  CHECK(tag("torch with cuda 12.4 on T4") == "cu124");
  CHECK(tag("torch 2.6.0, cuda 12.4") == "");
  CHECK(tag("torch 2.6.0 on T4 with cuda 12.4") == "cu124");
  CHECK(tag("torch >=2.4 with cuda 12.4") == "cu124");
  CHECK(tag("can I run torch 2.6.0 on windows with cuda 12.1 on my T4?") == "cu121");
  CHECK(tag("torch 2.6.0 on T4, cuda 12.4") == "");
  CHECK(tag("torch cu118 on T4 with cuda 12.4") == "cu118");
}

TEST_CASE("A pasted command asks what it installs; its options are no cards") {
  auto said = [](std::string_view text) {
    Question question;
    const Status status = ParseText(text, kTagged, &question);
    INFO(text);
    CHECK_FALSE(status);
    std::string out;
    for (const Subject& subject : question.subjects) out += subject.package + " " + subject.tag + ", ";
    for (const Gpu& gpu : question.gpus) out += gpu.name + ", ";
    return out + question.python;
  };
  for (
      const std::string text :
      {"pip install torch --index-url https://download.pytorch.org/whl/cu124 on T4",
       "pip install --quiet torch -f https://download.pytorch.org/whl/cu124/ on T4",
       "$ sudo pip -q install -c constraints/of-us.txt --upgrade pip torch -i "
       "https://download.pytorch.org/whl/cu124, T4",
       "pip install --upgrade pip && pip install torch --index-url=https://download.pytorch.org/whl/cu124 on T4",
       "pip install -qU --only-binary torch,numpy torch --torch-backend=cu124 on T4",
       "uv add torch --index pytorch=https://download.pytorch.org/whl/cu124 on T4",
       "uv pip install torch --torch-backend cu124 \\\n --no-cache on T4",
       "python -m pip install torch+cu124 on T4",
       "conda install torch pytorch-cuda=12.4 -c pytorch -c nvidia -y on T4",
       "mamba create -n of-us torch cuda-version=12.4 --channel=conda-forge on T4"})
    CHECK(said(text) == "torch cu124, T4, ");
  CHECK(said("python3.11 -m pip install torch on T4") == "torch , T4, 3.11");
  CHECK(said("uv pip install --python 3.12 torch on T4") == "torch , T4, 3.12");
  CHECK(said("conda create -n a python=3.10 torch on T4") == "torch , T4, 3.10");
}

TEST_CASE("An option that is not known is refused with its place") {
  for (const auto& [text, option] :
       {std::pair<std::string, std::string>("pip install torch --frobnicate RTX 3060", "--frobnicate"),
        {"pip install -r requirements.txt on RTX 3060", "-r"},
        {"uv add torch --quiet=x on RTX 3060", "--quiet"},
        {"pip --proxy install torch", "--proxy"},
        {"conda install torch --pre", "--pre"},
        {"pip install torch --index-url", "--index-url"},
        {"torch on RTX 3060 --quiet", "--quiet"},
        {"torch -c RTX 3060", "-c"},
        {"--gpu RTX 3060", "--gpu"}}) {
    INFO(text);
    Question question;
    const Status status = ParseText(text, kTagged, &question);
    REQUIRE(status);
    CHECK(status->kind == ErrorKind::kUsage);
    CHECK(status->message.find(option) != std::string::npos);
    CHECK(status->message.find(text + "\n" + std::string(text.find(option) + 2, ' ') + "^") !=
          std::string::npos);
    CHECK(question.gpus.empty());
  }
}

TEST_CASE("newest asks for the newest") {
  Question question;
  REQUIRE_FALSE(ParseText("newest torch on MX450", kVocabulary, &question));
  REQUIRE(question.subjects.size() == 1);
  CHECK(question.subjects[0].newest);
  REQUIRE(question.gpus.size() == 1);
  CHECK(question.gpus[0].name == "MX450");
}

TEST_CASE("The same thing stated twice differently is an error that points") {
  Question question;
  const Status status =
      ParseText("torch 2.6.0 on T4, driver 535.183.01, driver 550.54.14", kVocabulary, &question);
  REQUIRE(status);
  CHECK(status->kind == ErrorKind::kUsage);
  CHECK(status->message.find('^') != std::string::npos);
}

TEST_CASE("Hostile text is refused or read, never more") {
  for (const std::string& text :
       {std::string(), std::string(" , , "), std::string("\x01\x02"), std::string("torch \xff\xfe"),
        std::string(100000, ','), std::string(100000, 'x'), std::string("on on on"), std::string("driver"),
        std::string("torch on"), std::string("\xe2\x80\x8b")}) {
    Question question;
    const Status status = ParseText(text, kVocabulary, &question);
    if (status) {
      CHECK_FALSE(status->message.empty());
      CHECK(status->message.size() < 1000);
    }
  }
}

TEST_CASE("A card's clause: the word GPU at its end, how many, and what ends it") {
  auto first = [](std::string_view text) {
    Question question;
    const Status status = ParseText(text, kVocabulary, &question);
    REQUIRE_FALSE(status);
    REQUIRE(question.gpus.size() == 1);
    return question.gpus[0];
  };
  CHECK(first("RTX 4090 Laptop GPU with torch 2.6.0").name == "RTX 4090 Laptop GPU");
  CHECK(first("torch 2.6.0 on RTX 4090 Laptop GPU linux").name == "RTX 4090 Laptop GPU");
  CHECK(first("NVIDIA GeForce RTX 3070 Laptop GPU, torch 2.6.0").name ==
        "NVIDIA GeForce RTX 3070 Laptop GPU");
  CHECK(first("torch 2.6.0 gpu MX450").name == "MX450");
  CHECK(first("8x A100").count == 8);
  CHECK(first("2 x A100, linux").name == "A100");
  CHECK(first("A100 x8, torch 2.6.0").count == 8);
  CHECK(first("GeForce 9800 GX2").count == 1);
  CHECK(first("GTX 1080 Ti newest torch").name == "GTX 1080 Ti");
  CHECK(first("RTX 3060 windows 11").name == "RTX 3060");
  CHECK(first("ubuntu 22.04 LTS, 7.5").capability == "7.5");
}

TEST_CASE("A CUDA release behind a version is its tag where tags are such") {
  Question question;
  const Vocabulary vocabulary{{"torch", "jax"}, {"torch"}};
  REQUIRE_FALSE(ParseText("torch 2.6.0 cuda 12.4 on T4", vocabulary, &question));
  REQUIRE(question.subjects.size() == 1);
  CHECK(question.subjects[0].tag == "cu124");
  Question apart;
  REQUIRE_FALSE(ParseText("torch 2.6.0, cuda 12.4 on T4", vocabulary, &apart));
  CHECK(apart.subjects.size() == 2);
  Question other;
  REQUIRE_FALSE(ParseText("jax 0.4.30 cuda 12.4", vocabulary, &other));
  CHECK(other.subjects.size() == 2);
}
