// Anonymous: takes what names a person, a host or a single card out of texts and paths. The same name always
// becomes the same stand-in, so that what belonged together still does.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cudacompat::probe {

class Anonymous {
 public:
  /// Names to take out wherever they stand as whole words; short and everyday ones are left alone.
  void AddHost(const std::string& name);
  void AddUser(const std::string& name);

  /// Folders of users, host and user names, UUIDs, serial numbers, network and mail addresses.
  std::string Clean(std::string_view text);

 private:
  std::string Homes(std::string_view text);
  std::string Words(const std::string& text) const;
  std::string Identities(const std::string& text);
  std::string StandIn(const std::string& kind, const std::string& found);

  std::vector<std::pair<std::string, std::string>> names_;
  std::map<std::string, std::string> users_;
  std::map<std::string, std::string> uuids_;
};

}  // namespace cudacompat::probe
