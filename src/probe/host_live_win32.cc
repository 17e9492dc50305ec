// The live host on Windows: files, the registry, SetupAPI. Nothing here writes, and no program is started.
#include <windows.h>
// These need windows.h before them; initguid.h makes the GUIDs of devguid.h ours.
#include <initguid.h>

#include <cfgmgr32.h>
#include <devguid.h>
#include <setupapi.h>

#include <algorithm>

#include "base/text.h"
#include "probe/windows_host.h"

namespace cudacompat::probe {
namespace {

std::wstring Wide(const std::string& text) {
  int size = MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0);
  std::wstring wide(static_cast<size_t>(size), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), wide.data(), size);
  return wide;
}

std::string Narrow(const wchar_t* text) {
  int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, nullptr, 0, nullptr, nullptr);
  if (size <= 1) return "";
  std::string narrow(static_cast<size_t>(size - 1), '\0');
  WideCharToMultiByte(CP_UTF8, 0, text, -1, narrow.data(), size, nullptr, nullptr);
  return narrow;
}

Outcome OutcomeOf(DWORD error) {
  if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND || error == ERROR_INVALID_NAME) {
    return Outcome::kAbsent;
  }
  return error == ERROR_ACCESS_DENIED || error == ERROR_SHARING_VIOLATION ? Outcome::kDenied
                                                                          : Outcome::kFailed;
}

// "HKLM\SOFTWARE\…" → the root's handle and the rest.
HKEY RootOf(const std::string& path, std::string* rest) {
  size_t slash = path.find('\\');
  *rest = slash == std::string::npos ? "" : path.substr(slash + 1);
  return StartsWith(path, "HKCU") ? HKEY_CURRENT_USER : HKEY_LOCAL_MACHINE;
}

class Key {
 public:
  explicit Key(const std::string& path) {
    std::string rest;
    HKEY root = RootOf(path, &rest);
    if (RegOpenKeyExW(root, Wide(rest).c_str(), 0, KEY_READ | KEY_WOW64_64KEY, &key_) != ERROR_SUCCESS)
      key_ = nullptr;
  }
  ~Key() {
    if (key_ != nullptr) RegCloseKey(key_);
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  HKEY get() const { return key_; }

 private:
  HKEY key_ = nullptr;
};

class DeviceList {
 public:
  DeviceList() : list_(SetupDiGetClassDevsW(&GUID_DEVCLASS_DISPLAY, nullptr, nullptr, DIGCF_PRESENT)) {}
  ~DeviceList() {
    if (list_ != INVALID_HANDLE_VALUE) SetupDiDestroyDeviceInfoList(list_);
  }
  DeviceList(const DeviceList&) = delete;
  DeviceList& operator=(const DeviceList&) = delete;

  bool Next(DWORD index, SP_DEVINFO_DATA* data) const {
    data->cbSize = sizeof *data;
    return list_ != INVALID_HANDLE_VALUE && SetupDiEnumDeviceInfo(list_, index, data) != 0;
  }
  std::string Property(SP_DEVINFO_DATA* data, DWORD property) const {
    wchar_t text[1024] = L"";
    bool got =
        SetupDiGetDeviceRegistryPropertyW(list_, data, property, nullptr, reinterpret_cast<BYTE*>(text),
                                          sizeof text - sizeof(wchar_t), nullptr) != 0;
    return got ? Narrow(text) : "";
  }

 private:
  HDEVINFO list_;
};

class Live : public Host, public WindowsHost {
 public:
  View view() const override { return View::kLive; }
  const WindowsHost* windows() const override { return this; }

  FileText Read(const std::string& path, size_t limit, bool tail) const override {
    FileText out;
    HANDLE file =
        CreateFileW(Wide(path).c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (file == INVALID_HANDLE_VALUE) {
      out.outcome = OutcomeOf(GetLastError());
      return out;
    }
    LARGE_INTEGER size{};
    if (GetFileType(file) == FILE_TYPE_DISK && GetFileSizeEx(file, &size) != 0) {
      auto whole = static_cast<uint64_t>(size.QuadPart);
      out.cut = whole > limit;
      LARGE_INTEGER start{};
      if (tail && out.cut) start.QuadPart = static_cast<LONGLONG>(whole - limit);
      SetFilePointerEx(file, start, nullptr, FILE_BEGIN);
      out.text.resize(static_cast<size_t>(std::min<uint64_t>(whole, limit)));
      DWORD got = 0;
      bool read = ReadFile(file, out.text.data(), static_cast<DWORD>(out.text.size()), &got, nullptr) != 0;
      out.text.resize(read ? got : 0);
      out.outcome = read ? Outcome::kOk : Outcome::kFailed;
    } else {
      out.outcome = Outcome::kFailed;
    }
    CloseHandle(file);
    return out;
  }

  std::vector<std::string> List(const std::string& path, const NameFilter& filter) const override {
    std::vector<std::string> names;
    WIN32_FIND_DATAW entry{};
    HANDLE find = FindFirstFileW(Wide(path + "/*").c_str(), &entry);
    if (find == INVALID_HANDLE_VALUE) return names;
    do {
      std::string name = Narrow(entry.cFileName);
      if (name != "." && name != ".." && filter(name)) names.push_back(std::move(name));
    } while (FindNextFileW(find, &entry) != 0 && names.size() < 200000);
    FindClose(find);
    std::sort(names.begin(), names.end());
    return names;
  }

  Node Stat(const std::string& path) const override {
    Node node;
    WIN32_FILE_ATTRIBUTE_DATA data{};
    if (GetFileAttributesExW(Wide(path).c_str(), GetFileExInfoStandard, &data) == 0) {
      node.outcome = OutcomeOf(GetLastError());
      return node;
    }
    node.outcome = Outcome::kOk;
    node.kind =
        (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? NodeKind::kDirectory : NodeKind::kFile;
    node.size = static_cast<int64_t>(static_cast<uint64_t>(data.nFileSizeHigh) << 32 | data.nFileSizeLow);
    return node;
  }
  Node Lstat(const std::string& path) const override { return Stat(path); }
  std::optional<std::string> ReadLink(const std::string&) const override { return std::nullopt; }

  std::optional<std::string> Env(const std::string& name) const override {
    std::wstring wide(32768, L'\0');
    DWORD size = GetEnvironmentVariableW(Wide(name).c_str(), wide.data(), static_cast<DWORD>(wide.size()));
    if (size == 0 && GetLastError() == ERROR_ENVVAR_NOT_FOUND) return std::nullopt;
    return size < wide.size() ? Narrow(wide.c_str()) : std::string();
  }

  std::string Access(const std::string& path, bool) const override { return Stat(path).ok() ? "rw" : "none"; }
  SystemName Uname() const override { return {"Windows", "", "", ""}; }
  FileText KernelLog() const override { return {}; }

  std::optional<std::string> Registry(const std::string& path, const std::string& name) const override {
    Key key(path);
    if (key.get() == nullptr) return std::nullopt;
    wchar_t text[2048] = L"";
    DWORD size = sizeof text - sizeof(wchar_t);
    DWORD type = 0;
    LONG result =
        RegQueryValueExW(key.get(), Wide(name).c_str(), nullptr, &type, reinterpret_cast<BYTE*>(text), &size);
    if (result != ERROR_SUCCESS) return std::nullopt;
    if (type == REG_DWORD) return std::to_string(*reinterpret_cast<DWORD*>(text));
    if (type != REG_SZ && type != REG_EXPAND_SZ && type != REG_MULTI_SZ) return std::nullopt;
    return Narrow(text);
  }

  std::vector<std::string> RegistryKeys(const std::string& path) const override {
    std::vector<std::string> keys;
    Key key(path);
    if (key.get() == nullptr) return keys;
    wchar_t name[256];
    for (DWORD i = 0; i < 1000; ++i) {
      DWORD size = 256;
      if (RegEnumKeyExW(key.get(), i, name, &size, nullptr, nullptr, nullptr, nullptr) != ERROR_SUCCESS)
        break;
      keys.push_back(Narrow(name));
    }
    return keys;
  }

  std::vector<DisplayDevice> DisplayDevices() const override {
    std::vector<DisplayDevice> devices;
    DeviceList list;
    SP_DEVINFO_DATA data{};
    for (DWORD i = 0; i < 256 && list.Next(i, &data); ++i) {
      DisplayDevice device;
      device.name = list.Property(&data, SPDRP_DEVICEDESC);
      device.hardware_id = list.Property(&data, SPDRP_HARDWAREID);
      device.location = list.Property(&data, SPDRP_LOCATION_INFORMATION);
      device.service = list.Property(&data, SPDRP_SERVICE);
      std::string driver = list.Property(&data, SPDRP_DRIVER);  // "{4d36e968-…}\0001"
      if (!driver.empty()) {
        device.driver =
            Registry("HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\" + driver, "DriverVersion")
                .value_or("");
      }
      ULONG status = 0;
      ULONG problem = 0;
      if (CM_Get_DevNode_Status(&status, &problem, data.DevInst, 0) == CR_SUCCESS &&
          (status & DN_HAS_PROBLEM) != 0) {
        device.problem = static_cast<int>(problem);
      }
      devices.push_back(std::move(device));
    }
    return devices;
  }

  std::string FileVersion(const std::string& path) const override {
    std::wstring wide = Wide(path);
    DWORD ignored = 0;
    DWORD size = GetFileVersionInfoSizeW(wide.c_str(), &ignored);
    if (size == 0 || size > 1024 * 1024) return "";
    std::vector<char> info(size);
    VS_FIXEDFILEINFO* fixed = nullptr;
    UINT length = 0;
    if (GetFileVersionInfoW(wide.c_str(), 0, size, info.data()) == 0 ||
        VerQueryValueW(info.data(), L"\\", reinterpret_cast<void**>(&fixed), &length) == 0 ||
        length < sizeof *fixed) {
      return "";
    }
    return std::to_string(HIWORD(fixed->dwFileVersionMS)) + "." +
           std::to_string(LOWORD(fixed->dwFileVersionMS)) + "." +
           std::to_string(HIWORD(fixed->dwFileVersionLS)) + "." +
           std::to_string(LOWORD(fixed->dwFileVersionLS));
  }
};

}  // namespace

std::unique_ptr<Host> LiveHost() { return std::make_unique<Live>(); }

}  // namespace cudacompat::probe
