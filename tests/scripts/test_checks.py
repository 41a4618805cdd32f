"""The checks find what they are there to find."""

import contextlib
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "scripts/lib"))
import layout
import rooms
import snippets
import summary

TABLE = """portico_room(core LINK Threads::Threads)
portico_room(http DEPENDS core LINK fmt::fmt)
portico_room(net DEPENDS core
    http LINK Boost::headers)
portico_room(model DEPENDS core)
"""


class InFolder(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(contextlib.chdir(folder))
        self.write("src/CMakeLists.txt", TABLE)

    def write(self, name, text):
        path = pathlib.Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


class Layout(InFolder):
    def faults(self, name, text):
        path = self.write(name, text)
        may = rooms.reachable(rooms.table())
        return [what for _, what in [*layout.include_faults(path, may), *layout.line_faults(path)]]

    def test_the_table_of_rooms_is_read_over_several_lines(self):
        self.assertEqual(rooms.table(), {"core": [], "http": ["core"], "net": ["core", "http"],
                                         "model": ["core"]})

    def test_an_arrow_to_a_room_further_down_is_refused(self):
        self.write("src/CMakeLists.txt", "portico_room(core DEPENDS http)\nportico_room(http)\n")
        with self.assertRaisesRegex(ValueError, "core depends on http"):
            rooms.reachable(rooms.table())

    def test_an_include_against_the_arrows_is_found(self):
        self.assertIn("model may not know http (src/CMakeLists.txt)",
                      self.faults("src/model/a.cpp", '#include "portico/http/request.hpp"\n'))

    def test_an_include_along_the_arrows_is_right_at_any_distance(self):
        self.assertEqual([], self.faults("src/net/a.cpp", '#include "portico/core/task.hpp"\n'
                                                          '#include "net/b.hpp"\n'))

    def test_another_room_s_private_header_is_found(self):
        self.assertIn("http/scan.hpp is private to http",
                      self.faults("src/net/a.cpp", '#include "http/scan.hpp"\n'))

    def test_a_heavy_header_in_a_public_one_is_found(self):
        for name in ("boost/asio.hpp", "fmt/format.h", "sqlite3.h", "regex"):
            with self.subTest(name):
                self.assertEqual(1, len(self.faults("include/portico/http/a.hpp",
                                                    f"#pragma once\n#include <{name}>\n")))

    def test_unfinished_work_is_found(self):
        self.assertEqual(1, len(self.faults("src/core/a.cpp", "// " + "TO" + "DO: the rest\n")))

    def test_a_file_that_outgrew_its_reader_is_found(self):
        self.assertEqual([], self.faults("src/core/a.cpp", "\n" * 450))
        self.assertEqual(1, len(self.faults("src/core/a.cpp", "\n" * 451)))

    def test_a_dead_link_is_found(self):
        page = self.write("docs/a.md", "[b](b.md#x) [c](c.md) [far](https://example.com/c.md)\n")
        self.write("docs/c.md", "")
        self.assertEqual(["a link to b.md, which does not exist"],
                         [what for _, what in layout.link_faults(page)])


class Snippets(InFolder):
    def blocks(self, text):
        return list(snippets.blocks(self.write("page.md", text)))

    def test_a_block_without_includes_comes_after_the_umbrella_header(self):
        [(line, source, good)] = self.blocks("text\n\n```cpp\nint x;\n```\n")
        self.assertEqual((line, good), (4, True))
        self.assertTrue(source.startswith("#include <portico/portico.hpp>"))

    def test_a_program_is_compiled_as_it_is(self):
        [(_, source, _)] = self.blocks("```cpp\n#include <string>\nint main() {}\n```\n")
        self.assertNotIn("portico.hpp", source)

    def test_a_continuation_has_the_blocks_above_it(self):
        text = "```cpp\nstruct A {};\n```\n<!-- compile: continues -->\n```cpp\nA a;\n```\n"
        self.assertIn("struct A", self.blocks(text)[1][1])

    def test_what_must_fail_is_not_carried_on(self):
        text = ("```cpp\nstruct A {};\n```\n<!-- compile: fails -->\n```cpp\nB b;\n```\n"
                "<!-- compile: continues -->\n```cpp\nA a;\n```\n")
        blocks = self.blocks(text)
        self.assertEqual([good for _, _, good in blocks], [True, False, True])
        self.assertNotIn("B b", blocks[2][1])

    def test_an_unknown_word_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "maybe"):
            self.blocks("<!-- compile: maybe -->\n```cpp\nint x;\n```\n")


class Summary(InFolder):
    def report(self, status, cases=None):
        self.write("build/reports/ctest.junit",
                   f'<testsuite><testcase name="http" status="{status}"/></testsuite>')
        if cases is not None:
            self.write("build/reports/http.xml", f"<testsuites>{cases}</testsuites>")
        return list(summary.cases("build"))

    def test_a_binary_counts_with_its_cases(self):
        cases = self.report("fail", '<testcase classname="A" name="a" result="completed"/>'
                                    '<testcase classname="A" name="b" result="completed">'
                                    '<failure/></testcase>'
                                    '<testcase classname="A" name="c" result="skipped"/>')
        self.assertEqual(cases, [("http: A.a", True), ("http: A.b", False)])

    def test_a_binary_that_died_is_a_failure(self):
        self.assertEqual(self.report("fail"), [("http", False)])

    def test_a_leak_after_the_last_case_is_a_failure(self):
        cases = self.report("fail", '<testcase classname="A" name="a" result="completed"/>')
        self.assertEqual(cases, [("http: A.a", True), ("http (outside its cases)", False)])

    def test_a_parameter_may_hold_any_bytes(self):
        self.report("run", "")
        pathlib.Path("build/reports/http.xml").write_bytes(
            b'<testsuites><testcase classname="A" name="a" value_param="\xff\x01" '
            b'result="completed"/></testsuites>')
        self.assertEqual(list(summary.cases("build")), [("http: A.a", True)])

    def test_a_build_without_reports_is_a_failure(self):
        self.assertEqual(list(summary.cases("elsewhere")), [("elsewhere (no test ran)", False)])


if __name__ == "__main__":
    unittest.main()
