#!/usr/bin/env python3
"""What tools/source.py puts into an archive, and what it does not."""
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest

import source

GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main")


class Archive(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name) / "tree"
        self.root.mkdir()
        self.git("init", "-q")
        self.write("kept.txt", "first")
        self.write("src/tool", "#!/bin/sh\n").chmod(0o755)
        self.write("gone.txt", "deleted later")
        self.write(".gitignore", "/build/\n")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "one")
        self.write("kept.txt", "changed since")
        self.write("added.txt", "not committed yet")
        self.git("add", "added.txt")
        (self.root / "gone.txt").unlink()
        self.write("src/new.c", "compiled, and git was not told yet")
        self.write("world/world.db", "people")
        self.write("notes.txt", "somebody's own")
        self.write("build/out", "built")

    def git(self, *words):
        subprocess.run([*GIT, *words], cwd=self.root, check=True)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def made(self, root=None):
        root = root or self.root
        return source.archive(root, source.tracked(root), "bauta")

    def unpacked(self):
        packed = pathlib.Path(self.folder.name) / "a.tar.gz"
        packed.write_bytes(self.made())
        with tarfile.open(packed) as tar:
            tar.extractall(self.folder.name)
            return {info.name.removeprefix("bauta/"): info for info in tar.getmembers()}

    def test_it_holds_what_git_lists_as_it_stands_with_changes(self):
        held = self.unpacked()
        there = pathlib.Path(self.folder.name) / "bauta"
        self.assertEqual((there / "kept.txt").read_text(), "changed since")
        self.assertEqual((there / "added.txt").read_text(), "not committed yet")
        self.assertEqual(set(held), {source.LIST, ".gitignore", "kept.txt", "added.txt", "src/tool", "src/new.c"})
        self.assertEqual(held["src/tool"].mode, 0o755)
        self.assertEqual({(info.uid, info.gid, info.mtime) for info in held.values()}, {(0, 0, source.TIME_S)})

    def test_nothing_else_is_in_it_neither_a_data_folder_nor_what_was_built_nor_what_git_ignores(self):
        self.write(".gitignore", "/build/\n*.log\n")
        secret = ("src/mine.log", "data/world.db", "data/keys/members", "data/bauta.conf", "web/.env", "tools/key.pem",
                  "src/data/world.db", "web/src/.own.ts.swp")
        for name in secret:
            self.write(name, "of a run, or somebody's own")
        held = self.unpacked()
        self.assertFalse([name for name in held if name in secret or name.startswith(("world", "build", "notes"))])

    def test_the_same_tree_makes_the_same_bytes(self):
        before = self.made()
        (self.root / "kept.txt").touch()
        self.assertEqual(before, self.made())

    def test_without_git_it_makes_itself_anew_from_its_own_list(self):
        self.unpacked()
        there = pathlib.Path(self.folder.name) / "bauta"
        (there / "world").mkdir()
        (there / "world/world.db").write_text("people")
        self.assertEqual(self.made(), self.made(there))

    def test_a_tree_with_neither_git_nor_a_list_has_none(self):
        self.unpacked()
        there = pathlib.Path(self.folder.name) / "bauta"
        (there / source.LIST).unlink()
        self.assertIsNone(source.tracked(there))


class Ours(unittest.TestCase):
    def test_the_archive_of_this_tree_lists_all_that_git_does(self):
        if not (source.ROOT / ".git").exists():
            self.skipTest("no git here")
        told = subprocess.run(["git", "-c", f"safe.directory={source.ROOT}", "ls-files"], cwd=source.ROOT,
                              check=True, stdout=subprocess.PIPE, text=True).stdout.split("\n")
        there = {name for name in told if name and (source.ROOT / name).exists()}
        self.assertLessEqual(there, set(source.tracked(source.ROOT)))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-q"])
