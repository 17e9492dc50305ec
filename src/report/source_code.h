// IsCode: whether a line of a text is source code that would say a sentence, and not a program that said it.
#pragma once

#include <string_view>

namespace cudacompat::report {

/// A line of a program that would say the sentence ("raise RuntimeError(…", a comment, a call whose first
/// argument is the sentence, a comparison) and has not. Names with a capital are no calls: a log prints
/// exceptions as RuntimeError('…').
/// `line`: the one at `at`, without the blanks around it.
bool IsCode(std::string_view text, size_t at, std::string_view line);

}  // namespace cudacompat::report
