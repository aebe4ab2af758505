#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Do the tests notice small faults? Makes one small fault at a time in a copy of the tree, builds, and runs
the tests of its room: a mutation is killed if a test fails.

usage: mutation.py [--seed N] [--count N] [--floor PERCENT] [--jobs N] [--only SUBSTRING] [--list]

Every mutation has a name made of its file, function, kind and line of code, not of a line number. The seed
and the names decide which mutations are drawn, so most of those drawn today are drawn again after a change of the
code elsewhere. Mutations that change nothing are named in mutation-equal.txt and not drawn. Those that survive are
tested once more with sanitizers, as the whole suite is, because some only read past an end or lose memory. Exit
status: 1 if fewer than the floor were killed. The copies and their builds are kept in build/mutation.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
import harness  # noqa: E402

EQUAL = ROOT / "tests" / "mutation-equal.txt"
FOLDERS = ("engine", "indexer", "search", "searchd", "xapian-c")
SUFFIXES = (".c", ".cc")
# In seconds. Each test has a time limit of its own; a stage has room for its slow tests on a loaded machine, where
# a lower limit would count survivors as killed.
FIRST_BUILD_LIMIT, BUILD_LIMIT, TEST_LIMIT, ALL_LIMIT = 1200, 300, 1200, 5400
UNIT_LIMIT = 60  # they take at most five seconds, and many mutations make an endless loop

# Tests that reach a room, in stages: first the quick ones that are the likeliest to notice. The longest name
# that a path begins with decides.
INDEXING = r"^unit\.(resources|ranking|run|cancel|update|spill|synonyms|store|manifest|shards|stored_mentions|watch|watchlist|same_url)$"
ENGINE = (r"^unit\.(analyzer|stem_cache|words|record|query|answer_json|suggest|spelling|passages|linear|vectors|explain|readers|evaluate"
          r"|url|text|values|table|page|synonyms|ranking|resources)$")
PROGRAMS = r"^(cli\.|incremental\.(property|judged)|http\.(api|similar|reload)|hostile\.queries|faults\.memory)"
PROGRAMS_ONCE = r"^(cli\.(search|indexer)|http\.api)$"
STAGES = {
    "engine/base": (r"^unit\.(command_line|file|json|lines|memory|remotes|printable|table|text|values|url|terminal|origin)$", ENGINE, INDEXING,
                    r"^(cli\.(search|indexer|answer|golden|eval|terminal)|http\.(api|escapes|index_data|remote)|faults\.(memory|runs)"
                    r"|hostile\.(hostile|traps))$"),
    "engine/confine": (r"^unit\.confine$", r"^http\.confinement$", r"^http\.(lifecycle|logs_and_metrics|remote|reload)$"),
    "engine/evaluate": (r"^unit\.(evaluate|trec|comparison)$", r"^cli\.eval$"),
    "engine/json": (r"^unit\.(answer_json|json|explain)$", r"^(cli\.(answer|golden|explain|why_not|similar|passages)|http\.(api|openapi))$"),
    "engine/verify": (r"^unit\.(sums|index_place|store|manifest|run|readers)$", r"^(faults\.(verify|damage|runs)|http\.verify|hostile\.hostile)$",
                      r"^(faults\.(calls|memory|power_cut)|http\.(reload|index_data))$"),
    "engine": (ENGINE, INDEXING, PROGRAMS),
    "indexer/diagnose": (r"^unit\.(misspelling|url|lines)$", r"^(cli\.diagnostics|incremental\.(property|manifest))$",
                         r"^(cli\.indexer|faults\.memory|hostile\.(hostile|mutations|poison))$"),
    "indexer/markdown": (r"^unit\.(markdown|vague|markdown_hostile|resources)$",
                         r"^(cli\.(diagnostics|golden|answer|indexer)|incremental\.(property|judged)|hostile\.)"),
    "indexer/posts": (r"^unit\.(same_url|files|site|run|resources|watch|manifest)$",
                      r"^(cli\.(indexer|diagnostics)|incremental\.|hostile\.(hostile|mutations|poison|traps)|faults\.memory)"),
    "indexer/run": (INDEXING, r"^(cli\.(indexer|diagnostics|pins|synonyms|semantic|progress)|incremental\.)",
                    r"^(faults\.(runs|calls|memory|damage)|hostile\.)"),
    "indexer/site": (r"^unit\.(beneath|patterns|jekyll|yaml_tree|permalink|date|site|scan|same_url)$",
                     r"^(cli\.(indexer|diagnostics)|incremental\.(watch|property)|hostile\.(hostile|mutations|poison|traps)"
                     r"|faults\.memory|packaging\.hook)"),
    "indexer/store": (r"^unit\.(store|manifest|sums)$", r"^(faults\.|incremental\.(manifest|property)|cli\.(indexer|diagnostics))"),
    "indexer": (r"^unit\.(progress|watch|watchlist|run)$", r"^(cli\.|incremental\.|hostile\.(hostile|mutations)|faults\.verify|packaging\.hook)"),
    "search": (r"^unit\.terminal$", r"^(cli\.|faults\.verify)"),
    "searchd": (r"^unit\.(page|rates|log|confinement|connections|cache|origin|queries|request_head|problem|response)$",
                r"^http\.(api|page|caching|queue|similar|confinement|verify|escapes|xss|failing_memory)$", r"^http\."),
    "xapian-c": (r"^binding\.", r"^(unit\.(readers|vectors|store|passages|query)|cli\.(search|prefix|ranking|similar|answer)|http\.remote)"),
}

Mutation = collections.namedtuple("Mutation", "name path offset old new kind line")

COMPARISONS = {"==": "!=", "!=": "==", "<": "<=", ">": ">=", "<=": "<", ">=": ">"}
RETURNS = {"bool": ("return true;", "return false;"), "enum sp_status": ("return SP_OK;",),
           "void": ("return;",), "size_t": ("return 0;",), "uint32_t": ("return 0;",), "int": ("return 0;",)}
STRIPPED = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#(?:[^\n\\]|\\.|\\\n)*',
                      re.S | re.M)
FUNCTION = re.compile(r"^(?:static |inline |extern )*([a-z][\w: *<>]*?)\n([\w:~]+)\(", re.M)
STATEMENT = re.compile(r"^( +)(?!return|else|do\b|case|default|break|continue|goto|using|typedef|static|const |struct |enum )"
                       r"((?:\(void\))?[\w.>\[\]*-]+(?:->[\w.\[\]]+)*(?: [-+|&^*/]?= [^;{}]*|\([^;{}]*\)|\+\+|--)(?:, [^;{}]*)?;)", re.M)
CHECK = re.compile(r"\b(?:if|while) \(")


def blanked(text):
    """The text with comments, literals and directives replaced by blanks, so that offsets stay."""
    return STRIPPED.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def functions(code):
    """[(start of the body, end, name, return type)]; a body ends at the next brace in the first column."""
    found = []
    for head in FUNCTION.finditer(code):
        opened = re.compile(r"^\{", re.M).search(code, head.end())
        closed = re.compile(r"^\}", re.M).search(code, opened.end()) if opened else None
        semicolon = re.compile(r";\n").search(code, head.end())
        if closed and semicolon and opened.start() < semicolon.start():
            found.append((opened.end(), closed.start(), head.group(2), head.group(1).strip()))
    return found


def end_of_parenthesis(code, start):
    depth = 0
    for place in range(start, len(code)):
        depth += {"(": 1, ")": -1}.get(code[place], 0)
        if depth == 0:
            return place + 1
    return None


def changes(code, returns):
    """Yields (offset, old, new, kind) for the body of one function."""
    for found in re.finditer(r"(?<=[\w)\] ])(==|!=|<=|>=|(?<= )[<>](?= ))(?=[\w( \-*&!'])", code):
        yield found.start(), found.group(), COMPARISONS[found.group()], "comparison"
    for found in re.finditer(r"&&|\|\|", code):
        if code[found.end():found.end() + 1] in " \n":
            yield found.start(), found.group(), "||" if found.group() == "&&" else "&&", "logic"
    for found in re.finditer(r"(?<![\w.])(\d{1,9})(?=[ ;,)\]:]|[uU]?\b(?![\w.]))", code):
        yield found.start(), found.group(1), str(int(found.group(1)) + 1), "constant"
    for found in CHECK.finditer(code):
        end = end_of_parenthesis(code, found.end() - 1)
        if end and found.group().startswith("if"):
            yield found.end() - 1, code[found.end() - 1:end], "(0)", "check"
    for found in STATEMENT.finditer(code):
        before = code[:found.start()].rstrip()
        if before and before[-1] not in ";{})":  # the line continues an expression
            continue
        yield found.start(2), found.group(2), ";", "statement"
        for early in RETURNS.get(returns, ()):
            yield found.start(2), found.group(2), early, "return"


def mutations_of(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    code, seen = blanked(text), collections.Counter()
    for start, end, function, returns in functions(code):
        for offset, old, new, kind in changes(code[start:end], returns):
            place = start + offset
            line = text.count("\n", 0, place) + 1
            source = text.splitlines()[line - 1].strip()
            column = place - text.rfind("\n", 0, place)
            base = f"{path} {function} {kind} {source} => {new}"
            seen[base] += 1
            name = base if seen[base] == 1 else f"{base} #{seen[base]}"
            yield Mutation(name, path, place, text[place:place + len(old)], new, kind, f"{line}:{column}")


def all_mutations():
    paths = subprocess.run(["git", "ls-files", *FOLDERS], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    for path in paths.stdout.decode().split():
        if path.endswith(SUFFIXES) and "/tests/" not in path:
            yield from mutations_of(path)


def draw(seed, count, only):
    """The mutations in the order of a hash of seed and name; each kind gets its turn, so that all are tried."""
    equal = {line.strip() for line in EQUAL.read_text(encoding="utf-8").splitlines()
             if line.strip() and not line.startswith("#")} if EQUAL.exists() else set()
    queues, every = collections.defaultdict(list), list(all_mutations())
    unknown = equal - {mutation.name for mutation in every}
    if unknown:
        sys.exit(f"mutation: the tree has no such mutation: {min(unknown)}")
    for mutation in every:
        if mutation.name not in equal and only in mutation.name:
            rank = hashlib.sha256(f"{seed} {mutation.name}".encode()).digest()
            queues[mutation.kind].append((rank, mutation))
    ordered = [sorted(queue) for _, queue in sorted(queues.items())]
    drawn = []
    while len(drawn) < 3 * count and any(ordered):  # more than needed: some do not compile
        for queue in ordered:
            if queue:
                drawn.append(queue.pop(0)[1])
    return drawn


def stages_of(mutation, sanitized=False):
    stages = STAGES[max((room for room in STAGES if mutation.path.startswith(room + "/")), key=len)]
    return (stages[0], PROGRAMS_ONCE) if sanitized else stages


class Copy:
    """A copy of the tree with a build of its own; one mutation at a time is made in it."""

    def __init__(self, number):
        self.source = ROOT / "build" / "mutation" / str(number)
        self.build, self.sanitized = (self.source / "build" / name for name in ("mutation", "sanitized"))
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, stdout=subprocess.PIPE, check=True)
        for path in listed.stdout.decode().split("\0"):
            if path and (ROOT / path).is_file() and self.differs(path):
                (self.source / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, self.source / path)
        if not self.configure(self.build, "") or not self.make(self.build, FIRST_BUILD_LIMIT):
            sys.exit("mutation: the tree does not build")

    def configure(self, build, sanitizers):
        return self.run(["cmake", "-S", self.source, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                         "-DCMAKE_C_FLAGS_DEBUG=-O1", "-DCMAKE_CXX_FLAGS_DEBUG=-O1", f"-DSIGNPOST_SANITIZE={sanitizers}",
                         f"-DSIGNPOST_UNIT_SECONDS={UNIT_LIMIT}"], BUILD_LIMIT)

    def differs(self, path):
        there = self.source / path
        return not there.exists() or there.read_bytes() != (ROOT / path).read_bytes()

    def run(self, command, limit):
        """True if the command succeeds, False if it fails, None if it takes too long."""
        with subprocess.Popen([str(word) for word in command], cwd=self.source, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              start_new_session=True) as process:
            try:
                return process.wait(limit) == 0
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return None

    def make(self, build, limit=BUILD_LIMIT):
        return self.run(["cmake", "--build", build, "-j", str(os.cpu_count())], limit)

    def choose(self, build, tests):
        return ["ctest", "--test-dir", str(build), "-R", tests, "-LE", "all|long|lint"]

    def passes(self, build, tests, limit=TEST_LIMIT):
        return self.run([*self.choose(build, tests), "--stop-on-failure", "-j", "2"], limit)

    def check(self, build, stages):
        """Ends the program if a test of these stages fails without a mutation: it would kill every one."""
        names = set()
        for tests in sorted(stages):
            listed = subprocess.run([*self.choose(build, tests), "--show-only=json-v1"], stdout=subprocess.PIPE, check=True)
            names.update(test["name"] for test in json.loads(listed.stdout)["tests"])
        if not names:
            sys.exit("mutation: no test was found")
        if not self.passes(build, "^(" + "|".join(map(re.escape, sorted(names))) + ")$", ALL_LIMIT):
            log = build / "Testing/Temporary/LastTestsFailed.log"
            failed = log.read_text(encoding="utf-8").split() if log.exists() else ["too slow"]
            sys.exit(f"mutation: these tests fail without a mutation: {' '.join(failed)}")

    def judge(self, mutation, sanitized=False):
        """'killed', 'survived', or None if it does not compile."""
        build = self.sanitized if sanitized else self.build
        path = self.source / mutation.path
        text = path.read_text(encoding="utf-8")
        changed = text[:mutation.offset] + mutation.new + text[mutation.offset + len(mutation.old):]
        path.write_text(changed, encoding="utf-8")
        try:
            if not self.make(build):
                return None
            return "survived" if all(self.passes(build, tests) for tests in stages_of(mutation, sanitized)) else "killed"
        finally:
            path.write_text(text, encoding="utf-8")


def judge_all(copies, mutations, count, sanitized=False):
    """{mutation: result} of the first `count` that compile; each copy of the tree judges one at a time."""
    queue, lock, results = collections.deque(mutations), threading.Lock(), {}

    def work(copy):
        while True:
            with lock:
                if not queue or len(results) >= count:
                    return
                mutation = queue.popleft()
            began = time.monotonic()
            result = copy.judge(mutation, sanitized)
            with lock:
                if result and len(results) < count:
                    results[mutation] = result
                    print(f"{len(results)}/{count} {result} ({time.monotonic() - began:.0f} s) "
                          f"{mutation.path}:{mutation.line} {mutation.name}", flush=True)

    with concurrent.futures.ThreadPoolExecutor(len(copies)) as pool:
        for done in [pool.submit(work, copy) for copy in copies]:
            done.result()
    return results


def judge_sanitized(copies, survivors):
    """{mutation: result} of those that survived the tests without sanitizers."""
    if not survivors:
        return {}
    for copy in copies:
        if not copy.configure(copy.sanitized, "address,undefined") or not copy.make(copy.sanitized, FIRST_BUILD_LIMIT):
            sys.exit("mutation: the tree does not build with sanitizers")
    stages = {stage for mutation in survivors for stage in stages_of(mutation, True)}
    copies[0].check(copies[0].sanitized, stages)
    print("those that survived, with sanitizers:")
    return judge_all(copies, survivors, len(survivors), True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--floor", type=float, default=88)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="", help="only mutations whose name contains this")
    parser.add_argument("--list", action="store_true", help="only print the names of those drawn")
    options = parser.parse_args()
    drawn = draw(options.seed, options.count, options.only)
    if options.list:
        print("\n".join(mutation.name for mutation in drawn[:options.count]))
        return 0

    copies = [Copy(0)]
    copies[0].check(copies[0].build, {stage for mutation in drawn for stage in stages_of(mutation)})
    copies += [Copy(number) for number in range(1, options.jobs)]
    results = judge_all(copies, drawn, options.count)
    results.update(judge_sanitized(copies, [mutation for mutation, result in results.items() if result == "survived"]))

    kinds = collections.defaultdict(collections.Counter)
    for mutation, result in results.items():
        kinds[mutation.kind][result] += 1
    killed = sum(kind["killed"] for kind in kinds.values())
    share = 100 * killed / max(1, len(results))
    details = ", ".join(f"{kind} {counts['killed']} of {sum(counts.values())}"
                        for kind, counts in sorted(kinds.items()))
    harness.row(f"mutations, seed {options.seed}", f"{killed} of {len(results)} killed, {share:.0f} % ({details})")
    return 0 if share >= options.floor and len(results) >= options.count else 1


if __name__ == "__main__":
    sys.exit(main())
