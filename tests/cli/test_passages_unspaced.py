# SPDX-License-Identifier: GPL-2.0-or-later
"""Passages of text without blanks between words: as long as others, from sentence to sentence if the
script's own marks allow it, and never with half a character."""

import unicodedata

import harness
from harness import post

HAN = "求职者应当提前准备面试材料并了解公司情况"
KANA = "めんせつのまえにしりょうをよみます"
THAI = "ผู้สมัครงานควรเตรียมเอกสารให้พร้อมก่อนการนัดพบ"
KHMER = "អ្នកដាក់ពាក្យគួររៀបចំឯកសារមុនពេលជួប"
ACCENTED = "e\u0301a\u0323\u0302o\u0308" # letters with combining marks


def filler(letters, count, marks=""):
    """`count` copies of the letters; every second copy ends with one of the marks in turn."""
    return "".join(letters + (marks[i // 2 % len(marks)] if marks and i % 2 else "") for i in range(count))


class Unspaced(harness.Case):
    def passage(self, word, body, lang="en"):
        self.index(self.site({"a.md": post("Title", body, lang=lang)}), options=["--full"])
        passages = self.answer(word)["hits"][0]["passages"]
        self.assertEqual(len(passages), 1)
        self.assertIn(f"<mark>{word}</mark>", passages[0]["html"])
        return passages[0]["text"]

    def assert_whole(self, shown, body):
        """The text is a part of the body that begins and ends with whole clusters."""
        part = shown.strip("…")
        at = body.index(part)
        for edge in (at, at + len(part)):
            if 0 < edge < len(body):
                self.assertFalse(unicodedata.category(body[edge]).startswith("M"), (body[edge - 1:edge + 1], shown))
        self.assertEqual(shown.startswith("…") or at == 0, True)
        return part, at

    def test_a_word_in_a_long_paragraph_is_shown_with_its_surroundings(self):
        for word, letters in (("简历", HAN), ("履歴", KANA), ("漢字", HAN + KANA)):
            for before, after in ((60, 60), (0, 60), (60, 0), (3, 60), (60, 1)):
                body = filler(letters, before) + word + filler(letters, after)
                shown = self.passage(word, body)
                part, at = self.assert_whole(shown, body)
                self.assertLessEqual(len(part.encode()), 310, (word, before, after))
                self.assertGreaterEqual(len(part), 60, (word, before, after))
                self.assertEqual(shown.endswith("…"), at + len(part) < len(body))

    def test_a_passage_ends_with_the_sentence(self):
        for marks in ("。", "！", "？", "。！"):
            body = filler(HAN, 31, marks) + "我的简历写了三页" + marks[0] + filler(HAN, 31, marks)
            shown = self.passage("简历", body)
            self.assertFalse(shown.startswith("…") or shown.endswith("…"), shown)
            self.assertIn(shown[-1], marks)
            self.assertIn(body[body.index(shown) - 1], marks)

    def test_a_comma_is_better_than_any_place(self):
        for comma in "，、；：":
            body = filler(HAN[:12] + comma, 50) + "简历" + filler(HAN[:12] + comma, 50)
            part, at = self.assert_whole(self.passage("简历", body), body)
            self.assertEqual(body[at - 1], comma)
            self.assertEqual(part[-1], comma)

    def test_scripts_with_marks_above_and_below_are_cut_between_clusters(self):
        for letters, lang in ((THAI, "th"), (KHMER, "km")):
            for shift in range(8):
                body = filler(letters, 9) + letters[:shift] + " vitae " + filler(letters, 9)
                part, at = self.assert_whole(self.passage("vitae", body, lang), body)
                self.assertGreater(len(part.encode()), 200)
                self.assertNotIn(body[at - 1], "เแโใไ")
                self.assertNotIn(part[-1], "เแโใไ")

    def test_latin_words_in_such_text_are_never_cut(self):
        body = filler("使用Kubernetes和Terraform部署", 20) + "简历" + filler("使用Kubernetes和Terraform部署", 20)
        part, at = self.assert_whole(self.passage("简历", body), body)
        for edge in (at, at + len(part)):
            self.assertFalse(body[edge - 1].isascii() and body[edge].isascii(), part)

    def test_a_blank_beside_the_word_does_not_end_the_passage(self):
        body = filler(HAN, 30) + " 简历 " + filler(HAN, 30)
        part, _ = self.assert_whole(self.passage("简历", body), body)
        self.assertGreaterEqual(len(part), 60)

    def test_a_wide_blank_is_a_blank(self):
        body = filler(HAN + "。\u3000", 20) + HAN + "简历" + filler(HAN + "。\u3000", 20)
        shown = self.passage("简历", body)
        self.assertEqual(shown, shown.strip())
        self.assertEqual((shown[0], shown[-1]), (HAN[0], "。"))

    def test_a_description_without_blanks_is_cut_between_characters(self):
        for letters in (HAN, THAI, KHMER):
            self.index(self.site({"a.md": post("T", f"- [Vitae](https://v.example/): {filler(letters, 30)}")}),
                       options=["--full"])
            shown = self.answer("--kind", "resource", "vitae")["hits"][0]["description"]
            part, _ = self.assert_whole(shown, filler(letters, 30))
            self.assertGreater(len(part.encode()), 200)
            self.assertLessEqual(len(part.encode()), 300)

    def test_no_cluster_is_cut_where_a_word_must_be(self):
        for letters in (ACCENTED, "👩‍👩‍👧‍👦", "🇩🇪🇫🇷x"):
            for shift in range(6):
                body = "x" * shift + filler(letters, 120)
                self.index(self.site({"a.md": post("Title", body)}), options=["--full"])
                shown = self.answer("title")["hits"][0]["passages"][0]["text"]
                self.assertTrue(shown.endswith("…"))
                part, _ = self.assert_whole(shown, body)
                self.assertFalse(part.endswith("\u200d"), part)
                self.assertEqual(sum("\U0001f1e6" <= c <= "\U0001f1ff" for c in part) % 2, 0, part)
                self.assertGreater(len(part.encode()), 200)


if __name__ == "__main__":
    harness.main()
