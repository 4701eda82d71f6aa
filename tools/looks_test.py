#!/usr/bin/env python3
"""What tools/looks.py refuses of a catalogue, and that it lets the real one pass."""
import contextlib
import copy
import io
import json
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import looks  # noqa: E402

REAL = json.loads((HERE.parent / "assets/looks/catalogue.json").read_text(encoding="utf-8"))


class Looks(unittest.TestCase):
    def refusal(self, change, make=looks.check):
        made = copy.deepcopy(REAL)
        change(made)
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                make(made)
            except SystemExit as refused:
                return str(refused)
        return ""

    def usual(self, made, slot):
        return next(item for item in made["items"] if item.get("default") and item["slot"] == slot)

    def test_the_real_one_passes(self):
        self.assertEqual("", self.refusal(lambda made: None))
        self.assertEqual("", self.refusal(lambda made: None, looks.put_items))
        self.assertEqual("", self.refusal(lambda made: None, looks.put_presets))

    def test_usual_clothes_that_leave_a_trunk_bare_are_refused(self):
        self.assertIn("leave the trunk uncovered",
                      self.refusal(lambda made: self.usual(made, "legs").update(cover=["hip"])))
        self.assertIn("one of top and one of legs",
                      self.refusal(lambda made: self.usual(made, "legs").pop("default")))
        self.assertIn("exclude each other",
                      self.refusal(lambda made: self.usual(made, "top").update(excludes=["legs"])))

    def test_what_nobody_is_named_for_is_refused(self):
        self.assertIn("nobody is named for brows_soft", self.refusal(lambda made: made["items"][0].pop("credit")))
        self.assertIn("nobody is named for base", self.refusal(lambda made: made["credit_of"].pop("base")))
        self.assertIn("nobody is named for", self.refusal(lambda made: made["credits"].pop()))
        self.assertIn("lacks something", self.refusal(lambda made: made["credits"][0].update(licence="")))
        self.assertIn("lacks something", self.refusal(lambda made: made["credits"][0].pop("export")))

    def test_what_tells_of_health_or_belief_is_everybodys(self):
        for word in ("health", "belief"):
            self.assertIn("has to be free",
                          self.refusal(lambda made: made["items"][0].update({word: True, "free": False})))
        self.assertIn("has to be free", self.refusal(lambda made: self.usual(made, "top").update(free=False)))

    def test_nobody_is_younger_than_an_adult_and_everybody_begins_at_nought(self):
        def young(made):
            next(one for one in made["sliders"] if one["id"] == "age")["min"] = -1
        self.assertIn("nobody is younger", self.refusal(young))
        self.assertIn("limits without 0", self.refusal(lambda made: made["sliders"][1].update(min=1)))

    def test_ids_are_ours_stand_once_and_say_nothing_of_where_people_come_from(self):
        self.assertIn("is no id", self.refusal(lambda made: made["items"][0].update(id="Brows")))
        self.assertIn("stands twice", self.refusal(lambda made: made["items"].append(made["items"][0])))
        self.assertIn("where they are thought to come from",
                      self.refusal(lambda made: made["presets"][0].update(id="asian_face")))

    def test_what_an_item_refers_to_is_there(self):
        self.assertIn("another slot", self.refusal(lambda made: made["items"][0].update(slot="tail")))
        self.assertIn("no palette", self.refusal(lambda made: made["items"][0].update(palette="sky")))
        self.assertIn("which is not there",
                      self.refusal(lambda made: made["items"][0].update(excludes=["tail"]), looks.put_items))

    def test_each_of_the_eleven_has_a_recipe_of_what_is_there(self):
        self.assertIn("mia has none",
                      self.refusal(lambda made: made["presets"].pop(0), looks.put_presets))
        self.assertIn("wears what is not there",
                      self.refusal(lambda made: made["presets"][0]["recipe"]["wear"].append({"id": "tail"}),
                                   looks.put_presets))


if __name__ == "__main__":
    unittest.main()
