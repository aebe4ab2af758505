# SPDX-License-Identifier: GPL-2.0-or-later
"""/openapi.json is valid OpenAPI 3.1 and describes the daemon that serves it correctly."""

import json
import os
import re
import urllib.parse

import jsonschema

import daemon
import harness

PAGE = "/research/ai-residencies/"
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
STATUSES = {"400", "404", "405", "413", "414", "417", "429", "431", "503", "505"}


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


class Document(daemon.SharedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = json.loads(cls.daemon.get("/openapi.json").body)

    def resolve(self, node):
        while "$ref" in node:
            found = self.api
            for part in node["$ref"].split("/")[1:]:
                found = found[part]
            node = found
        return node

    def validate(self, value, schema):
        whole = dict(schema, components=self.api["components"])
        jsonschema.Draft202012Validator(whole).validate(value)

    def operations(self):
        for path, item in self.api["paths"].items():
            for method, operation in item.items():
                self.assertIn(method, METHODS)
                yield path, method, operation

    def test_the_served_document_is_the_source_with_the_version(self):
        source = (harness.ROOT / "searchd/openapi.json").read_text()
        version = harness.run([daemon.SEARCHD, "--version"]).text.split()[-1]
        self.assertEqual(self.get("/openapi.json").body.decode(),
                         source.replace("@PROJECT_VERSION@", version))
        self.assertEqual(self.api["info"]["version"], version)

    def test_the_document_is_openapi_3_1(self):
        """Checks the rules of version 3.1 for those parts of the specification that are used here."""
        self.assertRegex(self.api["openapi"], r"^3\.1\.\d+$")
        self.assertLessEqual(set(self.api), {"openapi", "info", "servers", "paths", "components", "tags"})
        self.assertLessEqual({"title", "version"}, set(self.api["info"]))
        names = set()
        for path, _, operation in self.operations():
            self.assertTrue(path.startswith("/"))
            self.assertLessEqual(set(operation), {"operationId", "summary", "parameters", "responses"})
            self.assertNotIn(operation["operationId"], names)
            names.add(operation["operationId"])
            for parameter in map(self.resolve, operation.get("parameters", [])):
                self.assertLessEqual({"name", "in", "schema"}, set(parameter))
                self.assertEqual(parameter["in"], "query")
            for status, response in operation["responses"].items():
                self.assertRegex(status, r"^[1-5]\d\d$")
                self.assertTrue(self.resolve(response)["description"])
        for schema in self.api["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)
        for reference in references(self.api):
            self.resolve({"$ref": reference})
        used = set(references(self.api))
        for section, entries in self.api["components"].items():
            for name in entries:
                self.assertIn(f"#/components/{section}/{name}", used, "never used")

    def test_every_route_is_documented(self):
        source = (harness.ROOT / "searchd/route.c").read_text()
        self.assertEqual(set(re.findall(r'\{"(/[^"]*)", "', source)), set(self.api["paths"]))

    def body_of(self, answer, response):
        """Checks that type, body and headers of the answer are as documented."""
        content = self.resolve(response).get("content", {})
        kind = answer["Content-Type"].split(";")[0]
        self.assertIn(kind, content)
        if kind.endswith("json"):
            self.validate(json.loads(answer.body), content[kind]["schema"])
        for name in self.resolve(response).get("headers", {}):
            self.assertIsNotNone(answer[name], name)

    def test_every_status_is_as_documented(self):
        provoked = {
            "200": lambda path: self.get(path),
            "304": lambda path: self.get(path, {"If-None-Match": self.get(path)["ETag"]}),
            "404": lambda path: self.get(path.replace(PAGE, "/nothing/")),
            "405": lambda path: self.get(path, method="DELETE"),
            "413": lambda path: daemon.parse_answers(self.daemon.raw(
                daemon.request(path, "Content-Length: 3") + b"abc"))[0],
            "414": lambda path: self.get(path + "&" * 9000),
            "417": lambda path: self.get(path, {"Expect": "100-continue"}),
            "431": lambda path: self.get(path, {f"x-{n}": "y" for n in range(70)}),
            "505": lambda path: daemon.parse_answers(self.daemon.raw(daemon.request(path, version="HTTP/2.0")))[0],
        }
        for path, method, operation in self.operations():
            asked = path
            if "/api/" in path:
                asked += f"?url={PAGE}" if path.endswith("similar") else "?q=residency"
            documented = set(operation["responses"])
            self.assertEqual(documented - STATUSES - {"200", "304"}, set())
            for status in documented & set(provoked):
                with self.subTest(path=path, status=status):
                    answer = provoked[status](asked)
                    self.assertEqual(answer.status, int(status), str(answer))
                    if status != "304":
                        self.body_of(answer, operation["responses"][status])
            for undocumented in set(provoked) - documented:
                self.assertIn(undocumented, ("304", "404"), path)
        self.body_of(self.get("/api/v1/search?q=a&limit=x"), self.api["components"]["responses"]["BadRequest"])
        self.validate(json.loads(self.get("/nothing").body), {"$ref": "#/components/schemas/Problem"})

    def test_answers_match_their_schema(self):
        schema = {"$ref": "#/components/schemas/Answer"}
        for query in ("residency research", "zzzz residency", "zzzzqqq", "", "tag:interviews", "-data"):
            for more in ("", "&facets=1&limit=50", "&kind=post", "&exact=1&limit=0", "&sort=oldest"):
                answer = self.get(f"/api/v1/search?q={urllib.parse.quote(query)}{more}")
                self.validate(json.loads(answer.body), schema)
        for url in (PAGE, "https://g.co/airesidency"):
            for more in ("", "&limit=100", "&limit=0", "&kind=resource"):
                self.validate(json.loads(self.get(f"/api/v1/similar?url={url}{more}").body), schema)
        for text in ("resid", "machine l", "x" * 100, "a"):
            self.validate(json.loads(self.get("/api/v1/suggest?q=" + urllib.parse.quote(text)).body),
                          {"$ref": "#/components/schemas/Suggestions"})

    def probes(self, schema):
        """Values that a parameter's schema allows, and values that it does not allow."""
        if schema.get("format") == "uri-reference":
            return [PAGE, "https://g.co/airesidency"], []
        if "enum" in schema:
            return schema["enum"], ["nonsense", schema["enum"][0].upper() + "x"]
        if schema["type"] == "integer":
            return ([schema["minimum"], schema["maximum"]],
                    [schema["maximum"] + 1, -1, "1.5", "x"])
        if schema.get("pattern") == "^[0-9]{4}$":
            return ["2019", "0000"], ["19", "2019-02", "20190", "x"]
        if "pattern" in schema:
            return ["2019", "2019-02", "2019-02-28"], ["19", "2019-2", "2019-02-28T00:00", "x"]
        return ["word", "two words"], []

    def test_every_parameter_is_as_documented(self):
        for path, _, operation in self.operations():
            documented = {parameter["name"]: parameter
                          for parameter in map(self.resolve, operation.get("parameters", []))}
            base = {"q": "a"} if "q" in documented else {"url": PAGE} if "url" in documented else {}
            for name, parameter in documented.items():
                schema, many = parameter["schema"], parameter["schema"].get("type") == "array"
                good, bad = self.probes(schema["items"] if many else schema)
                for value in good:
                    asked = f"{path}?" + urllib.parse.urlencode(dict(base, **{name: value}))
                    self.assertEqual(self.get(asked).status, 200, asked)
                for value in bad:
                    asked = f"{path}?" + urllib.parse.urlencode(dict(base, **{name: value}))
                    self.assertProblem(self.get(asked), 400, name)
                twice = f"{path}?" + urllib.parse.urlencode(list(base.items()) + [(name, good[0])] * 2)
                self.assertEqual(self.get(twice).status, 200 if many else 400, twice)
                if parameter.get("required"):
                    self.assertProblem(self.get(path), 400, name)
            lenient = path in ("/healthz", "/readyz", "/metrics", "/", "/search") or path.startswith("/search-")
            if not lenient:
                self.assertProblem(self.get(f"{path}?" + urllib.parse.urlencode(dict(base, nonsense=1))),
                                   400, "nonsense")

    def test_answers_429_and_503_match_their_schema(self):
        responses = self.api["components"]["responses"]
        with daemon.Daemon(os.path.join(self.dir, "nothing"), "--rate", "1", "--burst", "1") as served:
            self.body_of(served.get("/api/v1/search?q=a"), responses["Unavailable"])
            self.body_of(served.get("/api/v1/search?q=a"), responses["TooManyRequests"])


if __name__ == "__main__":
    harness.main()
