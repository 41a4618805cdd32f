#include "portico/redis/pipeline.hpp"

#include "portico/redis/script.hpp"
#include "redis/command.hpp"

namespace portico::redis {

Pipeline& Pipeline::add(Arguments words) {
    require_shareable(words.span());
    write_command(bytes_, words.span());
    commands_.push_back({.name = std::string(words.begin()->text())});
    return *this;
}

Pipeline& Pipeline::eval(const Script& script, Arguments keys, Arguments arguments) {
    Command command{.name = "EVALSHA", .script = &script};
    command.words = 3 + keys.size() + arguments.size();
    write_head(bytes_, command.words);
    write_word(bytes_, command.name);
    write_word(bytes_, script.sha1());
    command.rest = bytes_.size();
    write_word(bytes_, Argument(keys.size()).text());
    for (const Argument& key : keys) write_word(bytes_, key.text());
    for (const Argument& argument : arguments) write_word(bytes_, argument.text());
    command.end = bytes_.size();
    commands_.push_back(std::move(command));
    return *this;
}

}  // namespace portico::redis
