"""What clients and the log keep, of the data inventory: lists that the code is held to."""
import re

PLACES = ("cookies", "local", "tab", "caches")
KEEPS = re.compile(r"^(sign_out|quarter|let_in|browser|draft|tab|[a-z_]+\+P[0-9]+[DMY])$")
# The only files that touch what a browser keeps: all others go through them.
STORES = {"lib/choices.ts", "lib/kept.ts", "lib/drafts.ts", "lib/trip.ts", "lib/session.ts", "shell/app.tsx",
          "shell/sw.ts"}
STORE = re.compile(r"\b(localStorage|sessionStorage|indexedDB|caches\.|document\.cookie|cookieStore|navigator\.storage)")
NOWHERE = ("indexedDB", "document.cookie", "cookieStore", "navigator.storage")
LITERAL = re.compile(r'"bauta\.([\w.]+)"')


def bare(text):
    """Without comments."""
    either = r'("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|/\*.*?\*/|(?<![:\w])//[^\n]*'
    return re.sub(either, lambda found: found[1] or "", text, flags=re.S)


def named(text, argument):
    """The key that an argument is: a text, or a name or an arrow function of the same file; None: unknown."""
    argument = argument.strip()
    if not re.match(r'["`]', argument):
        found = re.search(rf"const {re.escape(argument.partition('(')[0])} =\s*(?:\([^)]*\) =>\s*)?([\"`][^\"`]*[\"`])",
                          text)
        argument = found[1] if found else ""
    return re.sub(r"\$\{.*", "*", argument.strip('"`')) or None


def written(root, problem):
    """(place, key) of all that the client's code keeps"""
    found = set()
    for path in sorted((root / "web" / "src").rglob("*.ts*")):
        name, text = path.relative_to(root / "web" / "src").as_posix(), bare(path.read_text(encoding="utf-8"))
        for store in STORE.findall(text):
            if name not in STORES or store in NOWHERE:
                problem(f"web/src/{name}", f"keeps something in the browser by {store}: only {', '.join(sorted(STORES))} do")
        for imported, place, calls in (("choices", "local", r"remember(?:ed)?\(([^,)]+)"),
                                       ("kept", "tab", r"(?:keep|kept|keepList|keptList)(?:<\w+>)?\(([^,)]+)"),
                                       ("drafts", "local", r"(?:draftOf|keepDraft)(?:<\w+>)?\([^,]+,\s*([^,)]+)")):
            if not re.search(rf'from "[^"]*/{imported}\.ts"', text):
                continue
            for argument in re.findall(rf"\b{calls}", text):
                if argument == "key" and name == "lib/theme.ts": # one of LOOKS
                    continue
                key = "signed_in" if argument == "SIGNED_IN" else named(text, argument)
                if not key:
                    problem(f"web/src/{name}", f"keeps {argument} in the browser, and which that is nobody can read")
                elif imported == "choices":
                    found.add((place, f"bauta.{key}"))
                else:
                    found.add((place, "bauta.draft.*" if imported == "drafts" else f"bauta.{key}.*"))
        if name in ("lib/trip.ts", "shell/app.tsx"):
            found |= {("tab", f"bauta.{key}") for key in LITERAL.findall(text)}
        if name == "lib/choices.ts":
            looks = re.search(r"LOOKS = \{(.*?)\n\}", text, re.S)[1]
            found |= {("local", f"bauta.{key}") for key in re.findall(r"(\w+): \[", looks)}
        if name == "shell/sw.ts":
            keys = {named(text, argument) for argument in re.findall(r"\.open\(([^)]+)\)", text)}
            found |= {("caches", key) for key in keys}
    return found


def cookies(root):
    for path in sorted((root / "src").rglob("*.[ch]")):
        if not path.stem.endswith("_test"):
            yield from re.findall(r'"(bauta_[a-z_]+)"', path.read_text(encoding="utf-8"))


def check(root, lists, uses, problem):
    """`root`: of the code; `lists`: browser.json and log.json."""
    browser, log = lists
    for place, entries in browser.items():
        for key, one in entries.items():
            where = f"browser.json {place}.{key}"
            if place not in PLACES or set(one) != {"what", "use", "keep"}:
                problem(where, "is what, use and keep, below cookies, local, tab or caches")
            elif one["use"] not in uses:
                problem(where, f"{one['use']} has no text in uses.json")
            elif not KEEPS.match(one["keep"]):
                problem(where, f"{one['keep']} is no time")
    listed = {(place, key) for place, entries in browser.items() for key in entries}
    code = written(root, problem) | {("cookies", name) for name in cookies(root)}
    for place, key in sorted(code - listed):
        problem(f"browser.json {place}", f"{key} is kept by the code and not listed")
    for place, key in sorted(listed - code):
        problem(f"browser.json {place}", f"{key} is listed and kept by nothing")
    fields = set(re.findall(r'\[LOG_\w+\] = "(\w+)"', (root / "src/base/log.c").read_text(encoding="utf-8")))
    for name in sorted(fields ^ set(log)):
        problem(f"log.json {name}", "is a field of the log and not listed" if name in fields else "is no field of the log")
