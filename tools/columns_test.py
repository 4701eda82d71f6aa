#!/usr/bin/env python3
"""What tools/check-columns refuses, and what it lets pass."""
import pathlib
import subprocess
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parent / "check-columns"
STORE = "int64_t row_i64(const struct rows *rows, size_t row, size_t col);\n"
GIFTS = 'SQL(gifts_one, "SELECT g.id, g.at_ms, COUNT(*) AS count FROM gift g WHERE g.id = $1");\n'


class Columns(unittest.TestCase):
    def check(self, source, header=""):
        with tempfile.TemporaryDirectory() as folder:
            src = pathlib.Path(folder) / "src"
            src.mkdir()
            (src / "store.h").write_text(STORE + header)
            (src / "gifts.c").write_text(source)
            run = subprocess.run([CHECK, folder], text=True, stdout=subprocess.PIPE, check=False)
            return run.stdout if run.returncode else ""

    def test_a_list_with_a_name_for_each_column_passes(self):
        self.assertEqual("", self.check(GIFTS + "COLUMNS(ONE_ID, ONE_AT_MS, ONE_COUNT);\n"))

    def test_a_list_without_names_is_refused(self):
        self.assertIn("gifts_one: 3 columns without COLUMNS", self.check(GIFTS))

    def test_a_column_more_or_less_is_refused(self):
        self.assertIn("2 names for 3 columns", self.check(GIFTS + "COLUMNS(ONE_ID, ONE_AT_MS);\n"))
        self.assertIn("4 names for 3", self.check(GIFTS + "COLUMNS(ONE_ID, ONE_AT_MS, ONE_COUNT, ONE_MORE);\n"))

    def test_a_name_of_another_column_is_refused(self):
        self.assertIn("ONE_AT_MS is the column id", self.check(GIFTS + "COLUMNS(ONE_AT_MS, ONE_ID, ONE_COUNT);\n"))

    def test_an_expression_has_a_name_which_is_compared_too(self):
        named = "COLUMNS(ONE_ID, ONE_AT_MS, ONE_COUNT);\n"
        self.assertIn("ONE_COUNT is an expression without AS", self.check(GIFTS.replace(" AS count", "") + named))
        self.assertIn("ONE_MANY is the column count", self.check(GIFTS + named.replace("COUNT", "MANY")))

    def test_names_begin_alike(self):
        self.assertIn("do not begin alike", self.check(GIFTS + "COLUMNS(ONE_ID, AT_MS, ONE_COUNT);\n"))

    def test_the_list_of_a_macro_serves_all_that_begin_with_it(self):
        macro = '#define GIFT "SELECT g.id, g.at_ms FROM gift g WHERE"\n'
        both = 'SQL(gifts_a, GIFT " g.id = $1");\nSQL(gifts_b, GIFT " g.at_ms = $1");\n'
        self.assertEqual("", self.check(macro + "COLUMNS(GIFT_ID, GIFT_AT_MS);\n" + both))
        self.assertIn("gifts_b: 2 columns without", self.check(macro + both))

    def test_a_part_of_a_list_has_one_name_where_it_is_used(self):
        face = ('#define FACE_OF(who_) who_ ".public_id, " who_ ".avatar"\n'
                "COLUMNS(FACE_PUBLIC_ID, FACE_AVATAR, FACE_COLUMNS);\n")
        gift = 'SQL(gifts_of, "SELECT " FACE_OF("a") ", g.at_ms FROM gift g");\n'
        right = "COLUMNS(OF_FACE, OF_AT_MS = OF_FACE + FACE_COLUMNS);\n"
        self.assertEqual("", self.check(gift + right, face))
        self.assertIn("OF_AT_MS is not the column after", self.check(gift + right.replace("FACE_COLUMNS", "1"), face))

    def test_a_list_goes_on_where_another_ends(self):
        begun = '#define BEGUN "g.id, g.kind"\nCOLUMNS(GIFT_ID, GIFT_KIND);\n'
        more = 'SQL(gifts_more, "SELECT " BEGUN ", g.at_ms FROM gift g");\nCOLUMNS(MORE_AT_MS = GIFT_KIND + 1);\n'
        self.assertEqual("", self.check(begun + more))
        self.assertIn("which is of another list", self.check(begun + more.replace("BEGUN", '"g.id, g.kind"')))

    def test_what_a_write_gives_back_has_names_too(self):
        written = 'SQL(gifts_add, "INSERT INTO gift (id) SELECT $1, $2, $3 RETURNING id, kind");\n'
        self.assertIn("2 columns without", self.check(written))
        self.assertEqual("", self.check(written + "COLUMNS(ADD_ID, ADD_KIND);\n"))

    def test_a_column_is_not_read_by_a_number(self):
        named = GIFTS + "COLUMNS(ONE_ID, ONE_AT_MS, ONE_COUNT);\n"
        self.assertEqual("", self.check(named + "x = row_i64(&rows, 0, ONE_ID);\ny = row_i64(&rows, 3, ONLY);\n"))
        self.assertIn("read by a number", self.check(named + "x = row_i64(&rows, 0, 1);\n"))
        own = "static bool is(const struct rows *rows, size_t col);\n"
        self.assertIn("read by a number", self.check(named + own + "x = is(&rows, 2);\n"))

    def test_sources_without_statements_are_a_fault_of_the_check(self):
        self.assertIn("no statements found", self.check("int x;\n"))


if __name__ == "__main__":
    unittest.main()
