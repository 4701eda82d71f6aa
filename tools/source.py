#!/usr/bin/env python3
"""source.py OUT NAME: the source of what is built, as the AGPL wants it offered.

An archive, all of it below NAME/, of the files that git tracks, as they stand in the working tree with
whatever was changed there, and of new ones that are compiled all the same, by folder and ending (NEW):
never anything else, least of all a data folder.  The same tree makes the same bytes.  It holds the list
of its files, too, from which it makes itself anew where there is no git.  A tree with neither
has no archive: OUT is empty then, and the server asks its operator for source_url.
"""
import gzip
import hashlib
import io
import pathlib
import stat
import subprocess
import sys
import tarfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = ".source-files"
TIME_S = 1577836800 # 2020: of all files, whenever they were written
NEW = [f":(glob){path}" for path in ("src/**/*.[ch]", "src/**/*.po", "migrations/*.sql", "privacy/inventory/*.json",
                                      "web/src/**/*.ts", "web/src/**/*.tsx", "web/src/**/*.css", "web/src/**/*.po")]
LEVEL = 6 # most of it is compressed already


def tracked(root):
    """The names of the files, sorted, or None when nothing says which they are."""
    if (root / ".git").exists():
        listed = ["git", "-c", f"safe.directory={root}", "ls-files", "-z"]
        new = ["--others", "--exclude-standard", "--", *NEW]
        told = b"".join(subprocess.run([*listed, *words], cwd=root, stdout=subprocess.PIPE, check=True).stdout
                        for words in ([], new))
    elif (root / LIST).exists():
        told = (root / LIST).read_bytes()
    else:
        return None
    names = sorted({name.decode() for name in told.split(b"\0") if name})
    return [name for name in names if (root / name).is_symlink() or (root / name).is_file()]


def add(tar, name, content, mode):
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(content), mode, TIME_S
    tar.addfile(info, io.BytesIO(content))


def archive(root, names, top):
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", compresslevel=LEVEL, filename="", mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
            add(tar, f"{top}/{LIST}", b"".join(name.encode() + b"\0" for name in names), 0o644)
            for name in names:
                path = root / name
                if path.is_symlink():
                    link = tarfile.TarInfo(f"{top}/{name}")
                    link.type, link.linkname, link.mtime = tarfile.SYMTYPE, str(path.readlink()), TIME_S
                    tar.addfile(link)
                else:
                    runs = path.stat().st_mode & stat.S_IXUSR
                    add(tar, f"{top}/{name}", path.read_bytes(), 0o755 if runs else 0o644)
    return made.getvalue()


def looks(root, names, top):
    """What changes when a file does, without reading it."""
    rows = [top]
    for name in names:
        row = (root / name).lstat()
        rows.append(f"{name}\0{row.st_mode}\0{row.st_size}\0{row.st_mtime_ns}")
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    out, top = pathlib.Path(sys.argv[1]), sys.argv[2]
    stamp = out.with_name(out.name + ".stamp")
    names = tracked(ROOT)
    now = looks(ROOT, names, top) if names else "none"
    if out.exists() and stamp.exists() and stamp.read_text() == now:
        return
    made = archive(ROOT, names, top) if names else b""
    if not names:
        print("source.py: neither git nor a list of files: this build offers no source itself", file=sys.stderr)
    if not out.exists() or out.read_bytes() != made:
        out.write_bytes(made)
    stamp.write_text(now)


if __name__ == "__main__":
    main()
