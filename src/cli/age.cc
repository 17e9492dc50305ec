#include "cli/age.h"

#include <fmt/format.h>

#include <ostream>

namespace cudacompat::cli {
namespace {

constexpr int kOldDays = 120;

// Days since 1970-01-01 of the proleptic Gregorian calendar.
int Days(int year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  int era = year / 400;
  int of_era = year - era * 400;
  int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool ReadDate(const std::string& text, int* days) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d", &year, &month, &day) != 3) return false;
  *days = Days(year, month, day);
  return true;
}

}  // namespace

int DaysBetween(const std::string& from, const std::string& to) {
  int a = 0;
  int b = 0;
  return ReadDate(from, &a) && ReadDate(to, &b) ? b - a : 0;
}

void TellAge(Io& io, const std::string& as_of, int strict_days) {
  int age = DaysBetween(as_of, io.today);
  if (age > kOldDays || (strict_days >= 0 && age > strict_days)) {
    io.err << fmt::format(
        "cudacompat: the data is of {}, {} days old: newer builds, cards and drivers are not in it\n", as_of,
        age);
  }
}

}  // namespace cudacompat::cli
