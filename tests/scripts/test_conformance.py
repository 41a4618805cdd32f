"""docs/conformance.md is what the cases say, also where no FastAPI is installed to ask."""

import importlib.machinery
import importlib.util
import json
import pathlib
import unittest

ROOT = pathlib.Path(__file__).parents[2]


def script():
    loader = importlib.machinery.SourceFileLoader("conformance", str(ROOT / "scripts/conformance"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("conformance", loader))
    loader.exec_module(module)
    return module


class Conformance(unittest.TestCase):
    def test_the_page_has_the_counts_and_reasons_of_the_cases(self):
        conformance = script()
        self.assertEqual(conformance.PAGE.read_text(), conformance.page(conformance.load()),
                         "scripts/conformance --write-docs")

    def test_the_page_counts_the_json_texts(self):
        texts = json.loads((ROOT / "tests/conformance/json_texts.json").read_text())["texts"]
        self.assertIn(f"{len(texts)} JSON texts", (ROOT / "docs/conformance.md").read_text())

    def test_no_two_cases_of_an_area_have_one_name(self):
        for file in script().load().values():
            names = [case["name"] for case in file["cases"]]
            self.assertEqual(len(names), len(set(names)), file["area"])


if __name__ == "__main__":
    unittest.main()
