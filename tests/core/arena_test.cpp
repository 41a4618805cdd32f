#include "portico/core/arena.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using portico::core::Arena;

TEST(Arena, pieces_are_apart_and_aligned) {
    Arena arena(256);
    std::vector<std::pair<unsigned char*, std::size_t>> pieces;
    for (std::size_t i = 0; i < 500; ++i) {
        const std::size_t size = i * 7 % 300;
        const std::size_t alignment = std::size_t{1} << (i % 7);
        auto* piece = static_cast<unsigned char*>(arena.allocate(size, alignment));
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(piece) % alignment, 0U);
        std::fill_n(piece, size, static_cast<unsigned char>(i));
        pieces.emplace_back(piece, size);
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        for (std::size_t at = 0; at < pieces[i].second; ++at) {
            ASSERT_EQ(pieces[i].first[at], static_cast<unsigned char>(i));
        }
    }
}

TEST(Arena, a_copy_lives_on_without_its_source) {
    Arena arena;
    std::string text(5000, 'x');
    const auto copy = arena.copy(text);
    text.assign(5000, 'y');
    EXPECT_EQ(copy, std::string(5000, 'x'));
    EXPECT_EQ(arena.copy(""), "");
}

TEST(Arena, after_reset_the_first_chunk_is_used_again) {
    Arena arena(1024);
    auto* first = arena.allocate(10, 1);
    for (int i = 0; i < 100; ++i) static_cast<void>(arena.allocate(1000));
    static_cast<void>(arena.allocate(1 << 20));
    arena.reset();
    EXPECT_EQ(arena.allocate(10, 1), first);
    arena.reset();
    EXPECT_EQ(arena.allocate(10, 1), first);
}

TEST(Arena, a_large_piece_does_not_waste_the_current_chunk) {
    Arena arena(1024);
    auto* first = static_cast<std::byte*>(arena.allocate(10, 1));
    static_cast<void>(arena.allocate(1 << 20));
    EXPECT_EQ(static_cast<std::byte*>(arena.allocate(10, 1)), first + 10);
}

TEST(Arena, a_large_first_piece_is_not_kept) {
    Arena arena(1024);
    static_cast<void>(arena.allocate(1 << 20));
    auto* small = arena.allocate(1000, 1);
    arena.reset();
    EXPECT_EQ(arena.allocate(1000, 1), small);
}
