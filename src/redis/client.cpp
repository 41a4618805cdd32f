#include "portico/redis/client.hpp"

#include <algorithm>
#include <utility>

#include "redis/command.hpp"
#include "redis/connections.hpp"

namespace portico::redis {
namespace {

using std::chrono::milliseconds;

bool is_unknown_script(const Reply& reply) {
    return reply.is_error() && Error("", reply.text()).kind() == Error::Kind::no_script;
}

void write_full(std::string& out, const Script& script, std::size_t words, std::string_view rest) {
    write_head(out, words);
    write_word(out, "EVAL");
    write_word(out, script.source());
    out += rest;
}

core::Task<Reply> run_one(Connections& connections, std::string name, std::string bytes) {
    Reply reply;
    co_await detail::Call(connections, bytes, {&reply, 1});
    co_return std::move(reply).as<Reply>(name);
}

}  // namespace

std::expected<Client, std::string> Client::open(ClientOptions options) {
    auto url = Url::parse(options.url);
    if (!url) return std::unexpected("redis: " + url.error());
    const auto& limits = options.limits;
    if (options.timeout <= milliseconds::zero() ||
        options.connect_timeout <= milliseconds::zero()) {
        return std::unexpected("redis: timeout and connect_timeout must be more than 0 ms");
    }
    if (options.max_outstanding == 0 || options.max_unsent == 0 || limits.max_bulk == 0 ||
        limits.max_bytes == 0 || limits.max_elements == 0) {
        return std::unexpected("redis: max_outstanding, max_unsent and limits must be at least 1");
    }
    auto backend = std::make_shared<Backend>();
    if (url->tls) {
        auto tls = TlsContext::make(options.tls);
        if (!tls) return std::unexpected("redis: " + tls.error());
        backend->tls = *std::move(tls);
    }
    options.url.clear();  // it may hold a password twice otherwise
    backend->options = std::move(options);
    backend->url = *std::move(url);
    return Client(std::make_shared<Connections>(std::move(backend)));
}

Client::Client(std::shared_ptr<Connections> connections) noexcept
    : connections_(std::move(connections)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Pending<bool, 6> Client::set(std::string_view key, const Argument& value, SetOptions options) {
    std::array<Argument, 6> words{"SET", key, value};
    std::size_t count = 3;
    if (options.ttl > milliseconds::zero()) {
        words[count++] = "PX";
        words[count++] = options.ttl.count();
    }
    if (options.only_if_absent) words[count++] = "NX";
    return Pending<bool, 6>(*connections_, words, count);
}

core::Task<Reply> Client::command(Arguments words) {
    require_shareable(words.span());
    std::string bytes;
    write_command(bytes, words.span());
    return run_one(*connections_, std::string(words.begin()->text()), std::move(bytes));
}

core::Task<Reply> Client::eval(const Script& script, Arguments keys, Arguments arguments) {
    Pipeline pipeline;
    pipeline.eval(script, keys, arguments);
    return [](core::Task<std::vector<Reply>> run) -> core::Task<Reply> {
        auto replies = co_await run;
        co_return std::move(replies.front()).as<Reply>("EVALSHA");
    }(run(std::move(pipeline)));
}

core::Task<std::vector<Reply>> Client::run(Pipeline pipeline) {
    std::vector<Reply> replies(pipeline.size());
    if (replies.empty()) co_return replies;
    Connections& connections = *connections_;
    co_await detail::Call(connections, pipeline.bytes_, replies);

    std::string again;
    std::vector<std::size_t> unknown;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        const auto& command = pipeline.commands_[i];
        if (command.script == nullptr || !is_unknown_script(replies[i])) continue;
        const std::string_view bytes = pipeline.bytes_;
        write_full(again, *command.script, command.words,
                   bytes.substr(command.rest, command.end - command.rest));
        unknown.push_back(i);
    }
    if (unknown.empty()) co_return replies;
    std::vector<Reply> late(unknown.size());
    co_await detail::Call(connections, again, late);
    for (std::size_t i = 0; i < late.size(); ++i) replies[unknown[i]] = std::move(late[i]);
    co_return replies;
}

core::Task<std::vector<Reply>> Client::transaction(Pipeline pipeline) {
    if (pipeline.empty()) co_return std::vector<Reply>{};
    // Of a transaction nothing can be tried again, so Redis gets the scripts first.
    std::string bytes;
    std::size_t scripts = 0;
    for (const auto& command : pipeline.commands_) {
        if (command.script == nullptr) continue;
        write_command(bytes, Arguments{"SCRIPT", "LOAD", command.script->source()}.span());
        ++scripts;
    }
    write_command(bytes, Arguments{"MULTI"}.span());
    bytes += pipeline.bytes_;
    write_command(bytes, Arguments{"EXEC"}.span());

    std::vector<Reply> replies(scripts + pipeline.size() + 2);
    co_await detail::Call(*connections_, bytes, replies);
    Reply& executed = replies.back();
    if (executed.kind() == Reply::Kind::array) co_return std::move(executed.elements());
    for (std::size_t i = 0; i < pipeline.size(); ++i) {
        const Reply& queued = replies[scripts + 1 + i];
        if (queued.is_error()) throw Error(pipeline.commands_[i].name, queued.text());
    }
    if (replies[scripts].is_error()) throw Error("MULTI", replies[scripts].text());
    throw Error("EXEC", executed.text());
}

bool Client::send(Arguments words) {
    require_shareable(words.span());
    std::string bytes;
    write_command(bytes, words.span());
    return connections_->send(bytes);
}

bool Client::available() const noexcept {
    return connections_->backend()->health.good();
}

ClientStatistics Client::statistics() const {
    return connections_->statistics();
}

}  // namespace portico::redis
