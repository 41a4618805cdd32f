// A type of your own in models and parameters: how it is read, written and described.
#include <charconv>

#include <portico/portico.hpp>
using namespace portico;

// Always valid, so nobody behind the edge of the program checks it again.
class Colour {
public:
    Colour() = default;

    static std::expected<Colour, std::string> parse(std::string_view text) {
        Colour colour;
        const auto* end = text.data() + text.size();
        if (text.size() == 7 && text.front() == '#' &&
            std::from_chars(text.data() + 1, end, colour.rgb_, 16).ptr == end) {
            return colour;
        }
        return std::unexpected("a colour is written #rrggbb");
    }
    std::string str() const {
        std::string text = "#000000";
        for (std::uint32_t left = rgb_, at = 6; left != 0; left /= 16, --at) {
            text[at] = "0123456789abcdef"[left % 16];
        }
        return text;
    }
    Colour inverted() const {
        Colour colour;
        colour.rgb_ = 0xffffff - rgb_;
        return colour;
    }

private:
    std::uint32_t rgb_ = 0;
};

template <>
struct portico::model::TypeTraits<Colour> {
    static std::expected<Colour, std::string> parse(std::string_view text) {
        return Colour::parse(text);
    }
    static std::string print(const Colour& colour) { return colour.str(); }
    static constexpr std::string_view name = "Colour";
    static constexpr std::string_view schema =
        R"({"type":"string","pattern":"^#[0-9a-fA-F]{6}$","examples":["#ff8800"]})";
};

enum class Finish { matt, glossy };

// Members that belong together are judged by `validate`: nothing, or what is wrong.
struct Paint {
    Colour colour;
    Finish finish = Finish::matt;
    Annotated<std::vector<Colour>, max_items(3)> accents = empty;

    std::optional<std::string> validate() const {
        if (finish == Finish::matt || accents.empty()) return std::nullopt;
        return "a glossy paint has no accents";
    }
};

int main(int argc, char** argv) {
    App app{{.title = "Paint"}};
    app.post("/paints", [](Paint paint) { return paint; });
    app.get("/inverse", [](Query<Colour, "of"> colour) { return colour->inverted(); });
    return run(app, argc, argv);
}
