"""What ranks: exact titles and names on top."""

import harness
from harness import post

FILLER = " ".join(f"filler{number}" for number in range(200))


class ExactTitles(harness.Case):
    """Pages that say the words of a short title more often than the page of that title."""

    def titled(self, title, *queries, rivals=None):
        words = f"{title} " * 30
        files = {"exact.md": post(title, FILLER)}
        for number, rival in enumerate(rivals or (f"{title} and {title} again", f"All of {title}")):
            files[f"rival{number}.md"] = post(rival, words)
        self.index(self.site(files))
        for query in queries:
            urls = self.full_urls("--kind", "post", query)
            self.assertEqual(len(urls), len(files), (query, urls))
            self.assertEqual(urls[0], "/exact/", (query, urls))
        return files

    def test_first_whatever_others_say(self):
        self.titled("Research residencies", "research residencies", "Research  RESIDENCIES!",
                    '"research residencies"', "r\u00e9search residencies")

    def test_stop_words_and_forms_count(self):
        for title, query in (("How to write a full-time CV", "how to write a full-time cv"),
                             ("C++ for R&D", "c++ for r&d"),
                             ("The Ph.D.", "the phd")):
            self.titled(title, query)

    def test_only_just_these_words_in_this_order(self):
        self.titled("Research residencies", "research residencies")
        for query in ("residencies research", "research residency", "research -unheard residencies",
                      "+research residencies", "title:research residencies", "research residencie*"):
            urls = self.full_urls("--kind", "post", query)
            self.assertEqual(len(urls), 3, query)
            self.assertNotEqual(urls[0], "/exact/", query)

    def test_filters_of_the_query_do_not_matter(self):
        self.titled("Research residencies", "research residencies kind:post")

    def test_a_resources_name(self):
        links = "".join(f"* [Recurse Center {n}](https://r{n}.example/): the Recurse Center of all"
                        f" {'Recurse Center ' * n}\n" for n in range(1, 6))
        self.index(self.site({"a.md": post("Places", f"{links}* [Recurse Center](https://r.example/)\n")}))
        urls = self.full_urls("--kind", "resource", "recurse center")
        self.assertEqual(len(urls), 6)
        self.assertEqual(urls[0], "https://r.example/")

    def test_of_one_title_by_score(self):
        """The longer and the shorter page differ in what lengths make of their score."""
        others = {f"other{number}.md": post("Reading", FILLER) for number in range(30)}
        self.index(self.site({
            **others,
            "long.md": post("Writing", f"writing {FILLER}"),
            "best.md": post("Writing", "writing " * 20 + FILLER),
            "short.md": post("Writing", "writing writing"),
            "other.md": post("Writing of writing", "writing " * 50)}))
        hits = self.answer("writing")["hits"]
        self.assertEqual(hits[-1]["url"], "/other/")
        alone = {hit["url"]: hit["score"] for hit in self.answer("writing writing")["hits"]}
        self.assertLess(max(alone.values()), 1000)
        exact = [hit["url"] for hit in hits[:3]]
        self.assertEqual(exact, sorted(exact, key=alone.get, reverse=True))
        self.assertEqual(len({alone[url] for url in exact}), 3)


if __name__ == "__main__":
    harness.main()
