#pragma once

#include <openssl/ssl.h>

#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "portico/redis/options.hpp"

namespace portico::redis {

/// Certificates and rules for all TLS connections of a client. Thread-safe.
class TlsContext {
public:
    [[nodiscard]] static std::expected<std::shared_ptr<const TlsContext>, std::string> make(
        const TlsOptions& options);

private:
    friend class TlsStream;
    struct Free {
        void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
    };
    std::unique_ptr<SSL_CTX, Free> context_;
    bool verify_ = true;
};

/// The client's side of one TLS connection, between bytes that are on the wire and bytes that are
/// meant. Knows no socket.
class TlsStream {
public:
    enum class Result { done, more, closed, failed };

    TlsStream(const TlsContext& context, const std::string& host);

    /// Goes on with the handshake; `more`: bytes from the other side are needed.
    [[nodiscard]] Result handshake();
    /// Bytes from the wire.
    void receive(std::string_view wire);
    /// Takes received bytes, as far as there are some; `read` is how many.
    [[nodiscard]] Result read(std::span<char> to, std::size_t& read);
    [[nodiscard]] Result write(std::string_view bytes);
    /// Appends what has to go onto the wire.
    void take_wire(std::string& to);
    /// Why it has failed.
    [[nodiscard]] std::string error() const;

private:
    struct Free {
        void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    };
    [[nodiscard]] Result result_of(int returned) const;

    std::unique_ptr<SSL, Free> ssl_;
    BIO* in_ = nullptr;   // of `ssl_`
    BIO* out_ = nullptr;  // of `ssl_`
    std::string host_;
};

}  // namespace portico::redis
