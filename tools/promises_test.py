#!/usr/bin/env python3
"""The parser of `proves:`, on tests as people write them."""
import unittest

import promises


def read(path, text):
    found, wrong = promises.marks_in(path, text)
    return [(mark.claims, mark.title) for mark in found], wrong


class Marks(unittest.TestCase):
    def test_static_and_other_functions_of_c(self):
        self.assertEqual(read("a_test.c", """
/* proves: REG-1a, REG-1b */
static void one_is_kept(void **state)
{
}
// Why it is so.
// proves: SOC-2a
// SOC-2b
void two_is_kept(struct world *world)
{
"""), ([(["REG-1a", "REG-1b"], "one_is_kept"), (["SOC-2a", "SOC-2b"], "two_is_kept")], []))

    def test_words_around_the_names(self):
        found, wrong = read("a_test.c", """
/*
 * The house stands on it.
 * proves: REG-1a
 *         REG-1c
 * and says so.
 */
/* Another remark. */
static
void it_stands(void **state)
""")
        self.assertEqual((found, wrong), ([(["REG-1a", "REG-1c"], "it_stands")], []))

    def test_any_helper_and_titles_on_the_next_line(self):
        self.assertEqual(read("a.test.mjs", """
/* proves: REG-1a */
withMail(
  "a \\"mail\\" goes out \\u{1f98a}", async () => {});
// proves: REG-1b
test('it\\'s kept', () => {});
"""), ([(["REG-1a"], 'a "mail" goes out \U0001f98a'), (["REG-1b"], "it's kept")], []))

    def test_a_title_with_holes_fits_what_it_runs_as(self):
        [mark], wrong = promises.marks_in("a.test.mjs", """
  /* proves: REG-3a */
  withMail(`a child gets in (${language}), once`, async (world) => {""")
        self.assertEqual(wrong, [])
        self.assertTrue(mark.fits.fullmatch("a child gets in (en), once"))
        self.assertFalse(mark.fits.fullmatch("a child gets in (), once"))
        self.assertFalse(mark.fits.fullmatch("a child gets in (en), once more"))

    def test_what_attaches_to_no_test_is_wrong(self):
        for text in ("/* proves: REG-1a */\nint x;\nvoid t(void **state)",
                     "/* proves: nothing */\nvoid t(void **state)",
                     'const x = "proves: REG-1a";',
                     "// proves: REG-1a\n"):
            found, wrong = read("a_test.c", text)
            self.assertEqual((found, len(wrong)), ([], 1), text)
        found, wrong = read("a.test.mjs", "// proves: REG-1a\nfor (const t of all)\n  test(t, f);")
        self.assertEqual((found, len(wrong)), ([], 1))


class Verdicts(unittest.TestCase):
    def setUp(self):
        self.found = (promises.marks_in("a_test.c", "/* proves: REG-1a */ void kept(void)")[0] +
                      promises.marks_in("b_test.c", "/* proves: REG-1b */ void kept(void)")[0])

    def test_equal_names_in_two_files_are_two_tests(self):
        kept, missing = promises.verdict(
            self.found, {("a_test.c", "kept"): True, ("b_test.c", "kept"): False})
        self.assertEqual((kept, missing), ({"REG-1a": ["a_test.c:kept"]}, []))

    def test_a_test_that_did_not_run_keeps_nothing(self):
        kept, missing = promises.verdict(self.found, {("a_test.c", "kept"): True})
        self.assertEqual((list(kept), missing), (["REG-1a"], ["b_test.c:1: kept"]))

    def test_one_of_several_that_failed_breaks_the_claim(self):
        [mark], _ = promises.marks_in("a.test.mjs", "/* proves: REG-3a */ test(`x ${y}`, f)")
        ran = {("a.test.mjs", "x en"): True, ("a.test.mjs", "x id"): False}
        self.assertEqual(promises.verdict([mark], ran), ({}, []))


class Lists(unittest.TestCase):
    def test_names_and_rows_that_are_wrong(self):
        rows = promises.claims("# a note\nREG-1a\tone\tsatu\nREG-1a\ttwo\tdua\nREG-2\tthree\n")
        found, _ = promises.marks_in("a_test.c", "/* proves: REG-9a */ void kept(void)")
        wrong = promises.faults_of(rows, found)
        self.assertEqual([one.split(": ", 1)[1] for one in wrong], [
            "REG-1a stands there twice", "REG-1a stands there twice",
            "REG-2: an id, English and Indonesian are wanted",
            "REG-9a is no claim of privacy/claims.tsv"])


if __name__ == "__main__":
    unittest.main()
