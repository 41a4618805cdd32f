#include "redis/tls.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <new>

namespace portico::redis {
namespace {

std::string last_error() {
    const unsigned long code = ERR_peek_last_error();
    const char* const reason = ERR_reason_error_string(code);
    ERR_clear_error();
    return reason != nullptr ? reason : "unknown error";
}

}  // namespace

std::expected<std::shared_ptr<const TlsContext>, std::string> TlsContext::make(
    const TlsOptions& options) {
    const auto fail = [](const std::string& what) {
        return std::unexpected("tls: " + what + ": " + last_error());
    };
    ERR_clear_error();
    auto made = std::make_shared<TlsContext>();
    made->context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* const context = made->context_.get();
    if (context == nullptr) throw std::bad_alloc();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    made->verify_ = options.verify;
    SSL_CTX_set_verify(context, options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    if (options.ca_file.empty()) {
        if (SSL_CTX_set_default_verify_paths(context) != 1) {
            return fail("can't read the system's certificates");
        }
    } else if (SSL_CTX_load_verify_locations(context, options.ca_file.c_str(), nullptr) != 1) {
        return fail("can't read the ca_file " + options.ca_file);
    }
    if (options.certificate_file.empty() != options.key_file.empty()) {
        return std::unexpected("tls: certificate_file and key_file go together");
    }
    if (!options.certificate_file.empty()) {
        if (SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1) {
            return fail("can't read the certificate_file " + options.certificate_file);
        }
        if (SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
            return fail("can't use the key_file " + options.key_file);
        }
    }
    return made;
}

TlsStream::TlsStream(const TlsContext& context, const std::string& host)
    : ssl_(SSL_new(context.context_.get())), host_(host) {
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    if (!ssl_ || in_ == nullptr || out_ == nullptr) {
        BIO_free(in_);
        BIO_free(out_);
        throw std::bad_alloc();
    }
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_connect_state(ssl_.get());
    X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl_.get());
    // RFC 6066 §3: an address is no server name. RFC 9525 §6: it is compared with the
    // certificate's addresses, a name with its names.
    if (X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) != 1) {
        ERR_clear_error();
        SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
        X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size());
    }
}

TlsStream::Result TlsStream::handshake() {
    ERR_clear_error();
    return result_of(SSL_do_handshake(ssl_.get()));
}

void TlsStream::receive(std::string_view wire) {
    BIO_write(in_, wire.data(), static_cast<int>(wire.size()));
}

TlsStream::Result TlsStream::read(std::span<char> to, std::size_t& read) {
    ERR_clear_error();
    return result_of(SSL_read_ex(ssl_.get(), to.data(), to.size(), &read));
}

TlsStream::Result TlsStream::write(std::string_view bytes) {
    std::size_t written = 0;
    ERR_clear_error();
    return result_of(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written));
}

void TlsStream::take_wire(std::string& to) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(out_, &data);
    if (size > 0) to.append(data, static_cast<std::size_t>(size));
    BIO_reset(out_);
}

std::string TlsStream::error() const {
    const long verified = SSL_get_verify_result(ssl_.get());
    if (verified != X509_V_OK && SSL_get_verify_mode(ssl_.get()) != SSL_VERIFY_NONE) {
        ERR_clear_error();
        return "the certificate of " + host_ +
               " is not trusted: " + X509_verify_cert_error_string(verified);
    }
    return "TLS: " + last_error();
}

TlsStream::Result TlsStream::result_of(int returned) const {
    if (returned == 1) return Result::done;
    switch (SSL_get_error(ssl_.get(), returned)) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE:
            return Result::more;
        case SSL_ERROR_ZERO_RETURN:
            return Result::closed;
        default:
            return Result::failed;
    }
}

}  // namespace portico::redis
