// A log as its program printed it: what copying, forums and terminals made of its signs is undone, and lines
// that a terminal or a mail broke are whole again. Does not own: what a line means.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "report/kernel_paragraph.h"

namespace cudacompat::report {

using TakeParagraph = std::function<void(const Paragraph&)>;

/// Hands out each stretch of lines that holds signs which programs do not print: no-break spaces, full-width
/// signs, typographic quotes, HTML entities, escaped quotes; in a text up to 4 MiB also tabs, doubled blanks
/// and " : ". The stretch has these signs replaced, and goes on for the lines that a pattern sees.
void Respell(std::string_view text, const TakeParagraph& take);

/// Hands out paragraphs whose lines may have been broken at a width, joined: with a blank, and where the line
/// ends at the width itself with nothing. Of texts up to 1 MiB.
void Unwrap(std::string_view text, const TakeParagraph& take);

/// The lines behind the first one without the prefix (of a log collector, a container, a worker) that they
/// have in common with it; the text itself where there is none.
std::string WithoutCommonPrefix(std::string_view lines);

}  // namespace cudacompat::report
