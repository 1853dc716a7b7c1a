import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinyu_lib.census.naming import class_key, identifier_key, name_key, place_key, rare_characters

# Characters of names, blanks, dots, an unseen one, a compatibility ideograph, private use, traditional and simplified.
CHARACTERS = st.text(
    st.sampled_from("张張偉伟 　·•.．Ａa\u200b\ufeff\U000e0100六\uf9d1\ue863䶮龍龙昇升") | st.characters(), max_size=6
)


@pytest.mark.parametrize(
    ("typed", "registered"),
    [
        ("張偉", "张伟"),
        ("张　伟", "张伟"),
        ("张\u200b伟\ufeff", "张伟"),
        ("葛\U000e0100军", "葛军"),
        ("\uf9d1小明", "六小明"),
        ("Ａnna", "ANNA"),
        ("刘\ue863", "刘䶮"),
        ("\ue81e", "龴"),
        *[(f"阿卜杜拉{dot}买买提", "阿卜杜拉·买买提") for dot in "·•‧∙⋅・･.．"],
    ],
)
def test_two_spellings_of_one_name_share_their_key(typed, registered):
    assert name_key(typed) == name_key(registered)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张伟", "张玮"),
        ("毕昇", "毕升"),
        ("李乾", "李干"),
        ("於敏", "于敏"),
        ("阿卜杜拉·买买提", "阿卜杜拉买买提"),
        ("安", "安安"),
    ],
)
def test_two_names_in_standard_characters_stay_two(one, other):
    assert name_key(one) != name_key(other)


def test_a_name_is_converted_character_by_character():
    # As a phrase 乾隆 keeps its 乾; beside any other character a name must give the same key.
    assert name_key("乾隆") == name_key("乾") + name_key("隆")


def test_nothing_written_gives_an_empty_key():
    assert [key(" \u200b") for key in (name_key, class_key, identifier_key, place_key)] == [""] * 4


@settings(derandomize=True, deadline=None)
@given(CHARACTERS)
def test_the_key_of_a_key_is_the_key(text):
    assert name_key(name_key(text)) == name_key(text)


def test_rare_characters_agree_with_the_gb18030_codec_of_python():
    codes = [bytes([0xFE, low]) for low in range(0x50, 0xA1) if low != 0x7F]
    table = rare_characters().by_private_use
    assert list(table) == list(range(0xE815, 0xE864 + 1))
    decoded = [code.decode("gb18030") for code in codes]
    still_private = [ord(there) for there in decoded if 0xE000 <= ord(there) <= 0xF8FF]
    assert [there for there in decoded if ord(there) not in still_private] == [
        here for code, here in table.items() if code not in still_private
    ]
    # GB 18030-2022: eight move to U+9FB4 ... U+9FBB, six have been in plane 2 since 2005.
    assert "".join(table[code] for code in still_private) == "𠂇𠂉𠃌龴龵龶龷𡗗龸𢦏龹龺𤇾龻"


@pytest.mark.parametrize(
    ("typed", "registered"),
    [
        ("四年级一班", "四年级1班"),
        ("４年级 1 班", "四年级1班"),
        ("四(1)班", "四（一）班"),
        ("四【1】班", "四（1）班"),
        ("四年级二十一班", "四年级21班"),
        ("十一班", "11班"),
        ("初一（十一）班", "初一(11)班"),
        ("０４０１", "0401"),
    ],
)
def test_two_spellings_of_one_class_share_their_key(typed, registered):
    assert class_key(typed) == class_key(registered)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("四（1）班", "四年级1班"),
        ("4.1班", "四（1）班"),
        ("0401", "401"),
        ("一（11）班", "十一（1）班"),
        ("一11班", "十一1班"),
        ("初一一班", "初十一班"),
        ("初二十一班", "初21班"),
        ("四1班", "41班"),
    ],
)
def test_no_class_is_worked_out(one, other):
    assert class_key(one) != class_key(other)


@pytest.mark.parametrize("typed", ["7", "07", "７", "7号", "07 号", "7.0"])
def test_a_number_in_class_is_read_with_or_without_its_zeros(typed):
    assert place_key(typed) == "7"


def test_other_numbers_in_class_stay_what_they_are():
    assert [place_key(each) for each in ("0", "70", "7.5", "A7", "七")] == ["0", "70", "7.5", "a7", "七"]


def test_a_pupil_number_keeps_its_zeros():
    assert identifier_key("ｇ００７ ") == identifier_key("G007") != identifier_key("G7")
