#!/usr/bin/env python3
"""What tools/costs.py counts for whom."""
import unittest

import costs

KNOWN = {"rooms", "mail", "friends"}


class CostsTest(unittest.TestCase):
    def test_a_file_counts_for_the_feature_that_it_is_named_after(self):
        for path, place in {
                "src/features/people/friends/friends_test.c": ("friends", "C"),
                "src/features/people/friends/friends_deal_test.c": ("friends", "C"),
                "tests/api/mail.test.mjs": ("mail", "API"),
                "tests/browser/rooms_about.test.mjs": ("rooms", "journeys"),
                "web/test/rooms_list.test.ts": ("rooms", "client"),
                "tests/browser/everywhere.test.mjs": None,
                "tests/browser/mailbox.test.mjs": None,
                "src/features/people/friends/friends.c": None}.items():
            self.assertEqual(costs.place_of(path, KNOWN), place, path)

    def test_the_features_are_those_that_are_there(self):
        self.assertIn("friends", costs.features())
        self.assertNotIn("people", costs.features())

    def test_a_feature_over_its_budget_is_told_so(self):
        spent = costs.Costs(KNOWN)
        spent.add(["src/base/x.c", "src/features/people/friends/friends_test.c"], 4)
        spent.add(["src/features/people/friends/friends_test.c"], 3)
        spent.add(["tests/browser/rooms.test.mjs"], costs.BUDGETS_S["journeys"] + 1)
        spent.add(["tests/browser/everywhere.test.mjs"], 1000)
        told = spent.table()
        self.assertEqual(len(told), 3)
        self.assertIn("rooms", told[1])
        self.assertIn("OVER: journeys", told[1])
        self.assertIn("7.0 s  friends: C 7", told[2])
        self.assertNotIn("OVER", told[2])

    def test_a_cheap_feature_that_is_over_in_one_thing_is_told_beside_the_dearest(self):
        spent = costs.Costs({f"f{n}" for n in range(costs.TOLD + 3)})
        for n in range(costs.TOLD + 2):
            spent.add([f"tests/browser/f{n}.test.mjs"], 30)
        spent.add([f"tests/api/f{costs.TOLD + 2}.test.mjs"], 11)
        self.assertEqual(len(spent.table()), 1 + costs.TOLD + 1)

    def test_where_no_feature_was_tested_nothing_is_told(self):
        self.assertEqual(costs.Costs(KNOWN).table(), [])


if __name__ == "__main__":
    unittest.main()
