"""Names of pupils and classes as people write them: what two spellings of one name must share."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from opencc import OpenCC

from xinyu_lib import registry
from xinyu_lib.registry import Definition, Text, Whole

# Dots between the parts of a name (阿卜杜拉·买买提), as input methods give them, after NFKC.
_DOTS = dict.fromkeys(map(ord, "•‧∙⋅・."), "·")
_BRACKETS = str.maketrans("[{【〔〖〈《", "(((((((") | str.maketrans("]}】〕〗〉》", ")))))))")
_ONES = ["", *"一二三四五六七八九"]
_TENS = ["", *(f"{ones}十" for ones in ["", *_ONES[2:]])]
_NUMERALS = {_TENS[n // 10] + _ONES[n % 10]: str(n) for n in range(1, 100)}
_N = "一二三四五六七八九十"
# Several numerals in a row are read only where nothing before them could be part of the number: 初二十一班 may be class
# 11 of grade 2. Numerals beside digits are not read either.
_NUMERAL = re.compile(rf"(?:^|(?<=[级第(]))[{_N}]+(?![{_N}0-9])|(?<![{_N}0-9])[{_N}](?![{_N}0-9])")
_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}


class RareCharacters(Definition):
    """`rare-characters.toml`. standard: characters behind the private-use code points from `first` on."""

    first: Whole
    standard: Text
    kept: Text

    @property
    def by_private_use(self) -> dict[int, str]:
        """Private-use code point -> standard character."""
        return dict(enumerate("".join(self.standard.split()), self.first))


@cache
def rare_characters() -> RareCharacters:
    """The shipped table of rare characters."""
    return registry.read(Path(__file__).with_name("rare-characters.toml"), RareCharacters)


def name_key(text: str) -> str:
    """What two spellings of one person's name must share; empty when nothing is written.

    Width, blanks, invisible characters, kinds of middle dot, case, private-use code points and traditional script
    make no difference. Two standard characters stay two: no variant beyond the standard's is taken for another.
    """
    plain = _written(text).translate(_unified())
    return "".join(map(_simplified, plain))


def class_key(text: str) -> str:
    """What two spellings of one class must share: width, blanks, brackets, case and Chinese numerals do not count.

    Nothing is worked out: 四（1）班, 4.1班 and 0401 are three keys, whatever a school means by them.
    """
    plain = _written(text).translate(_BRACKETS)
    return _NUMERAL.sub(lambda numeral: _NUMERALS.get(numeral[0], numeral[0]), plain)


def identifier_key(text: str) -> str:
    """What two spellings of a pupil number or code must share: width, blanks and case do not count."""
    return _written(text)


def place_key(text: str) -> str:
    """What two spellings of a number within the class must share: `03`, `3号` and `3.0` are 3."""
    written = _written(text)
    number = re.fullmatch(r"0*(\d+?)(?:\.0+)?号?", written, re.ASCII)
    return number[1] if number else written


def _written(text: str) -> str:
    """Text in compatibility form and one case, without blanks, invisible characters and variation selectors."""
    if text.isascii() and text.isprintable():  # most numbers: a million take two seconds less
        return text.casefold().replace(" ", "")
    plain = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", "".join(filter(_is_visible, plain)))


@cache
def _is_visible(character: str) -> bool:
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return not selector and unicodedata.category(character) not in _UNSEEN


@cache
def _unified() -> dict[int, str]:
    """Code points that are written as another character: private use, and kinds of middle dot."""
    return rare_characters().by_private_use | _DOTS


@cache
def _simplified(character: str) -> str:
    """One character in simplified script. A name is no phrase: each character is converted by itself."""
    return character if character in rare_characters().kept else _converter().convert(character)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
