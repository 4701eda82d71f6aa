#!/usr/bin/env python3
"""pack.py WEB OUT [SOURCE]: one file of all that the web client's build left in WEB.

The server reads it where it lies (src/net/pack.h describes the form).  Compressed
variants are taken from name.br and name.gz beside a file, or made here when they
save at least a twentieth.  Files below /a/ have the hash of their content in their
name.  WEB/pages.txt lists the paths of pages, one a line, `:name` or `{name}` for
a segment.  SOURCE, if there is anything in it, is served as /source.tar.gz.
"""
import base64
import gzip
import hashlib
import html.parser
import pathlib
import re
import struct
import subprocess
import sys

TYPES = {
    ".avif": "image/avif", ".bin": "application/octet-stream", ".css": "text/css; charset=utf-8",
    ".gif": "image/gif", ".gz": "application/gzip", ".glb": "model/gltf-binary", ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon", ".jpg": "image/jpeg", ".js": "text/javascript; charset=utf-8",
    ".json": "application/json", ".ktx2": "image/ktx2", ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".png": "image/png",
    ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8", ".vrm": "model/gltf-binary",
    ".wasm": "application/wasm", ".webmanifest": "application/manifest+json",
    ".webp": "image/webp", ".woff2": "font/woff2", ".xml": "application/xml",
}
DENSE = {".avif", ".gif", ".gz", ".jpg", ".ktx2", ".mp3", ".ogg", ".png", ".webp", ".woff2"}
WORTH_IT = 0.95
FLAG_IMMUTABLE = 1
PAGES = "pages.txt"


class Inline(html.parser.HTMLParser):
    """What stands in <script> and <style> without src, byte for byte."""

    def __init__(self, text):
        super().__init__(convert_charrefs=False)
        self.found, self.inside, self.parts = {"script": [], "style": []}, None, []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in self.found and "src" not in dict(attrs):
            self.inside, self.parts = tag, []

    def handle_data(self, data):
        self.parts.append(data)

    def handle_endtag(self, tag):
        if tag == self.inside:
            text = "".join(self.parts)
            if text:
                digest = hashlib.sha256(text.encode()).digest()
                self.found[tag].append(f"'sha256-{base64.b64encode(digest).decode()}'")
            self.inside = None


def variant(path, content, kind):
    beside = path.with_name(f"{path.name}.{kind}")
    if beside.exists():
        return beside.read_bytes()
    if path.suffix in DENSE or len(content) < 256:
        return b""
    if kind == "br":
        made = subprocess.run(["brotli", "--quality=11", "--stdout", "-"], input=content,
                              stdout=subprocess.PIPE, check=True).stdout
    else:
        made = gzip.compress(content, 9, mtime=0)
    return made if len(made) < len(content) * WORTH_IT else b""


class Blob:
    """Texts and bodies behind the tables; equal ones are kept once."""

    def __init__(self, start):
        self.start, self.bytes, self.known = start, bytearray(), {}

    def add(self, content):
        if content not in self.known:
            self.bytes += b"\0" * (-len(self.bytes) % 16)
            self.known[content] = self.start + len(self.bytes)
            self.bytes += content
        return self.known[content]

    def text(self, text):
        return self.add(text.encode() + b"\0")


def pages(web):
    lines = (line.strip() for line in (web / PAGES).read_text(encoding="utf-8").splitlines())
    return [re.sub(r"/:(\w+)", r"/{\1}", line) for line in lines if line and line[0] == "/"]


def sources(web):
    names = {str(path.relative_to(web)) for path in web.rglob("*") if path.is_file()}
    for name in names:
        variant_of = name[:-3] if name.endswith((".br", ".gz")) else None
        if name != PAGES and variant_of not in names:
            yield "/" + name, web / name


def pack(web, source):
    files = [*sources(web), *([("/source.tar.gz", source)] if source and source.stat().st_size else [])]
    files.sort(key=lambda item: item[0].encode())
    listed = pages(web)
    blob = Blob(16 + len(files) * 48 + len(listed) * 4)
    table = bytearray(struct.pack("<8sII", b"BAUTAPK1", len(files), len(listed)))
    for path, place in files:
        if place.suffix not in TYPES:
            sys.exit(f"pack: {path}: unknown type; add it to TYPES")
        content = place.read_bytes()
        etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        inline = {"script": [], "style": []}
        if place.suffix == ".html":
            inline = Inline(content.decode("utf-8")).found
        flags = FLAG_IMMUTABLE if path.startswith("/a/") else 0
        table += struct.pack("<6I", blob.text(path), blob.text(TYPES[place.suffix]),
                             blob.text(etag), blob.text(" ".join(inline["script"])),
                             blob.text(" ".join(inline["style"])), flags)
        for body in (content, variant(place, content, "br"), variant(place, content, "gz")):
            table += struct.pack("<2I", blob.add(body) if body or body is content else 0, len(body))
    for page in listed:
        table += struct.pack("<I", blob.text(page))
    return bytes(table + blob.bytes) + b"\0"


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    web, out, *source = map(pathlib.Path, sys.argv[1:])
    if not web.is_dir():
        sys.exit(f"pack: {web} is no folder; build the client first")
    out.write_bytes(pack(web, *(source or [None])))


if __name__ == "__main__":
    main()
