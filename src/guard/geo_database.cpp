#include "portico/guard/geo_database.hpp"

#include <maxminddb.h>
#include <netinet/in.h>

#include <atomic>
#include <cstring>
#include <utility>

namespace portico::guard {

struct GeoDatabase::File {
    MMDB_s database{};
    bool is_open = false;

    File() = default;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (is_open) MMDB_close(&database);
    }

    static std::expected<std::shared_ptr<const File>, std::string> open(const std::string& path) {
        auto file = std::make_shared<File>();
        const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &file->database);
        if (status != MMDB_SUCCESS) return std::unexpected(path + ": " + MMDB_strerror(status));
        file->is_open = true;
        return file;
    }
};

struct GeoDatabase::State {
    std::string path;
    std::atomic<std::shared_ptr<const File>> file;
};

GeoDatabase::GeoDatabase(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
GeoDatabase::GeoDatabase(GeoDatabase&&) noexcept = default;
GeoDatabase& GeoDatabase::operator=(GeoDatabase&&) noexcept = default;
GeoDatabase::~GeoDatabase() = default;

std::expected<GeoDatabase, std::string> GeoDatabase::open(const std::string& path) {
    auto state = std::make_unique<State>();
    state->path = path;
    GeoDatabase database(std::move(state));
    if (auto opened = database.reload(); !opened) return std::unexpected(opened.error());
    return database;
}

std::expected<void, std::string> GeoDatabase::reload() {
    auto file = File::open(state_->path);
    if (!file) return std::unexpected(std::move(file.error()));
    state_->file.store(*std::move(file));
    return {};
}

std::optional<Country> GeoDatabase::country_of(const http::IpAddress& address) const noexcept {
    sockaddr_storage socket{};
    const auto bytes = address.bytes();
    if (address.is_v4()) {
        auto& v4 = reinterpret_cast<sockaddr_in&>(socket);
        v4.sin_family = AF_INET;
        std::memcpy(&v4.sin_addr, bytes.data(), bytes.size());
    } else {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(socket);
        v6.sin6_family = AF_INET6;
        std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
    }
    const auto file = state_->file.load();
    int error = MMDB_SUCCESS;
    MMDB_lookup_result_s found =
        MMDB_lookup_sockaddr(&file->database, reinterpret_cast<const sockaddr*>(&socket), &error);
    if (error != MMDB_SUCCESS || !found.found_entry) return {};
    MMDB_entry_data_s code{};
    const int status = MMDB_get_value(&found.entry, &code, "country", "iso_code", nullptr);
    if (status != MMDB_SUCCESS || !code.has_data || code.type != MMDB_DATA_TYPE_UTF8_STRING ||
        code.data_size != 2) {
        return {};
    }
    return Country{{code.utf8_string[0], code.utf8_string[1]}};
}

}  // namespace portico::guard
