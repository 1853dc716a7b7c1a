import pytest

from xinyu_lib.disclosure import SafeNumber
from xinyu_lib.errors import DisclosureError
from xinyu_lib.present import sentence, sentences


@pytest.fixture
def wording(monkeypatch):
    """Wording of a room of its own: one sentence with a masked variant, one without."""
    texts = {
        "demo.tiers": "共 {n} 人，占 {share}。",
        "demo.tiers.masked": "人数不显示（{n}）。",
        "demo.reach": "{school}测到 {n} 人。",
    }

    def say(message, _lang, **fields):
        return texts[message].format_map(fields)

    monkeypatch.setattr(sentences, "catalogue", lambda *_: texts)
    monkeypatch.setattr(sentences, "say", say)


@pytest.mark.usefixtures("wording")
class TestSentence:
    def test_protected_numbers_are_filled_in_as_text(self):
        block = sentence("demo.tiers", "zh", n=SafeNumber(12.0, "count"), share=SafeNumber(0.24, "share"))
        assert block.text == "共 12 人，占 24.0%。"

    def test_a_masked_number_switches_to_the_masked_wording(self):
        block = sentence("demo.tiers", "zh", n=SafeNumber(None, "count"), share=SafeNumber(None, "share"))
        assert block.text == "人数不显示（＊）。"

    def test_without_masked_wording_the_mark_is_printed(self):
        assert sentence("demo.reach", "zh", school="一中", n=SafeNumber(None, "count")).text == "一中测到 ＊ 人。"

    @pytest.mark.parametrize("bare", [12, 0.24])
    def test_a_bare_number_is_refused_by_name(self, bare):
        with pytest.raises(DisclosureError, match="share"):
            sentence("demo.tiers", "zh", n="12", share=bare)
