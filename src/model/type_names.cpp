#include "model/type_names.hpp"

namespace portico::model {
namespace {

bool is_of_a_name(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

void replace_each(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

std::string without_namespaces(std::string_view spelled) {
    std::string name;
    std::size_t word = 0;  // where the name that is being read begins
    for (std::size_t i = 0; i < spelled.size(); ++i) {
        if (spelled.substr(i).starts_with("::")) {
            name.resize(word);
            ++i;
            continue;
        }
        name += spelled[i];
        if (!is_of_a_name(spelled[i])) word = name.size();
    }
    return name;
}

std::string tidy(std::string_view spelled) {
    std::string name(spelled);
    replace_each(name, "(anonymous namespace)::", "");
    replace_each(name, "std::basic_string<char>", "std::string");
    return name;
}

}  // namespace

std::string readable_name(std::string_view spelled) {
    return without_namespaces(tidy(spelled));
}

std::string definition_key(std::string_view spelled, bool qualified) {
    std::string name = tidy(spelled);
    if (qualified) {
        replace_each(name, "::", "__");
    } else {
        name = without_namespaces(name);
    }
    std::string key;
    for (const char c : name) {
        if (is_of_a_name(c)) {
            key += c;
        } else if (c != ' ') {
            key += '_';
        }
    }
    return key;
}

}  // namespace portico::model
