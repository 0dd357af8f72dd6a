"""Numbers by national standards: the published examples pass, one wrong character does not."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from linkage.foundation import standards
from linkage.foundation.standards import Identity, Sex

USCCS = ["91110000600037341L", "91110108551385082Q", "91330100799655058B", "914403001922038216"]
IDENTITIES = ["360426199101010071", "11010519491231002X"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(birth, sequence="123", division="620102"):
    """A number with its right check, worked out by the table of the standard."""
    body = f"{division}{birth:%Y%m%d}{sequence}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def refusal(validate, text):
    with pytest.raises(ValidationError) as caught:
        validate(text)
    (message,) = caught.value.messages
    return message


def passes(validate, text):
    try:
        validate(text)
    except ValidationError:
        return False
    return True


@pytest.fixture
def english():
    with translation.override("en"):
        yield


# Unified social credit code and organisation code


@pytest.mark.parametrize("code", USCCS)
def test_published_codes_pass_and_so_does_the_organisation_code_in_them(code):
    standards.validate_uscc(code)
    standards.validate_organisation_code(code[8:17])


@pytest.mark.parametrize("code", USCCS)
def test_one_wrong_character_at_any_place_is_found(code):
    for place, right in enumerate(code):
        for wrong in set("0123456789ABCDEFGHJKLMNPQRTUWXY") - {right}:
            with pytest.raises(ValidationError):
                standards.validate_uscc(code[:place] + wrong + code[place + 1 :])


def test_a_remainder_of_zero_is_the_check_character_0_and_not_one_past_the_alphabet():
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

    def remainder(body):
        return sum(alphabet.index(c) * 3**place for place, c in enumerate(body)) % 31

    body = next(body for number in range(1000) if remainder(body := f"52620102MJ{number:07}") == 0)
    standards.validate_uscc(body + "0")
    for wrong in alphabet[1:]:
        refusal(standards.validate_uscc, body + wrong)


@pytest.mark.parametrize(
    "written", ["91110000600037341l", " 9111 0000-6000 3734 1L\u200b", "９１１１０００0600037341Ｌ"]
)
def test_codes_are_kept_in_one_form(written):
    assert standards.normalise_uscc(written) == "91110000600037341L"
    standards.validate_uscc(written)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("", "this one has 0"),
        ("9111000060003734", "this one has 16"),
        ("9111000060003734IL", "without I, O, S, V and Z"),
        ("91ABCDEF600037341L", "characters 3 to 8 are digits"),
        ("91110000600037341A", "check character"),
        ("9.11100006000373E+17", "spreadsheet"),
    ],
)
def test_a_wrong_code_is_told_what_is_wrong(wrong, said, english):
    assert said in refusal(standards.validate_uscc, wrong)


def test_organisation_codes_with_x_and_0_as_check():
    for body in ("55138508", "60003734", "00000000", "D2143569"):
        right = [c for c in "0123456789X" if passes(standards.validate_organisation_code, body + c)]
        assert len(right) == 1
    standards.validate_organisation_code("D2143569-X")  # the example of the standard itself
    standards.validate_organisation_code("000000000")
    assert standards.normalise_organisation_code("55138508-2") == "551385082"
    for wrong in ("551385083", "5513850", "5513850822", ""):
        refusal(standards.validate_organisation_code, wrong)


# Resident identity number


def test_the_published_identity_numbers_say_who():
    assert standards.read_identity_number("360426199101010071") == Identity(date(1991, 1, 1), Sex.MALE)
    assert standards.read_identity_number("11010519491231002X") == Identity(date(1949, 12, 31), Sex.FEMALE)


@pytest.mark.parametrize(
    "written", ["11010519491231002x", "１１０１０５１９４９１２３１００２ｘ", "110105 19491231 002X"]
)
def test_identity_numbers_are_kept_in_one_form(written):
    assert standards.normalise_identity_number(written) == "11010519491231002X"
    standards.validate_identity_number(written)


@pytest.mark.parametrize("number", IDENTITIES)
def test_one_wrong_digit_of_an_identity_number_is_found(number):
    for place, right in enumerate(number):
        for wrong in set("0123456789X") - {right}:
            assert not passes(
                standards.validate_identity_number, number[:place] + wrong + number[place + 1 :]
            )


@given(
    birth=st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    sequence=st.integers(0, 999),
    division=st.integers(100000, 999999),
)
def test_any_day_any_sequence_and_any_division_is_read(birth, sequence, division):
    read = standards.read_identity_number(identity(birth, f"{sequence:03}", str(division)))
    assert read == Identity(birth, Sex.MALE if sequence % 2 else Sex.FEMALE)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("110105491231002", "this one has 15"),
        ("11010519491231002", "this one has 17"),
        ("1101051949123100AX", "17 digits"),
        ("११०१०५१९४९१२३१००२०", "17 digits"),
        ("110105194902300021", "date of birth"),
        ("110105000001010021", "date of birth"),
        ("110105194912310021", "last character"),
        ("1.10105194912310E+17", "spreadsheet"),
    ],
)
def test_a_wrong_identity_number_is_told_what_is_wrong_but_never_repeated(wrong, said, english):
    message = refusal(standards.validate_identity_number, wrong)
    assert said in message
    assert wrong not in message


@time_machine.travel("2026-11-22 09:00+08:00", tick=False)
def test_nobody_is_born_tomorrow():
    standards.validate_identity_number(identity(date(2026, 11, 22)))
    refusal(standards.validate_identity_number, identity(date(2026, 11, 23)))


@time_machine.travel("2026-11-21 17:00+00:00", tick=False)
def test_today_is_the_day_in_china():
    standards.validate_identity_number(identity(date(2026, 11, 22)))


# Telephones


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13900000012", "13900000012"),
        ("+86 139-0000-0012", "13900000012"),
        ("8613900000012", "13900000012"),
        ("0086 13900000012", "13900000012"),
        ("1390000-0012", "13900000012"),
        ("１３９００００００１２", "13900000012"),
        ("0931-5550127", "09315550127"),
        ("0931-555-0127", "09315550127"),
        ("010 8555 0127", "01085550127"),
        ("5550127", "5550127"),
        ("400-800-1234", "4008001234"),
        ("(0931) 555 0127 转 8", "09315550127转8"),
        ("（0931）5550127-8", "09315550127转8"),
        ("5550127-801", "5550127转801"),
        ("010-85550127分机801", "01085550127转801"),
        ("010-85550127 ext. 801", "01085550127转801"),
    ],
)
def test_telephones_are_kept_in_one_form(written, kept):
    assert standards.normalise_phone(written) == kept
    standards.validate_phone(written)
    assert standards.normalise_phone(kept) == kept


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "1390000001",
        "139000000123",
        "12900000012",
        "10086",
        "abc",
        "12",
        "12345678901234567890",
        "01055501",
    ],
)
def test_what_is_no_telephone(wrong):
    refusal(standards.validate_phone, wrong)


# Division codes and document numbers


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("620000", "62"),
        ("620100", "6201"),
        ("620102", "620102"),
        ("620102001000", "620102001"),
        ("620102000000", "620102"),
        ("620000000000", "62"),
        ("620102001001", "620102001001"),
    ],
)
def test_division_codes_are_known_by_their_significant_digits(code, kept):
    standards.validate_division_code(code)
    assert standards.significant_division(code) == kept


@pytest.mark.parametrize("wrong", ["", "62", "6201021", "062010", "62010A", "6201020010011"])
def test_what_is_no_division_code(wrong):
    refusal(standards.validate_division_code, wrong)


def test_document_numbers_are_judged_in_any_bracket_style():
    standards.validate_doc_no("甘民发[２０１６]98 号")
    assert standards.normal_doc_no("甘民发[２０１６]98 号") == "甘民发〔2016〕98号"
    refusal(standards.validate_doc_no, "甘民发〔2016〕第98号")


# Masks


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("360426199101010071", "360426********0071"),
        ("11010519491231002x", "110105********002X"),
        ("E12345678", "*****5678"),
        ("1101054912310", "*********2310"),
        ("1234567", "*******"),
        ("", ""),
    ],
)
def test_papers_are_masked(number, shown):
    assert standards.mask_id(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("0931-5550127", "0931****127"),
        ("010-85550127-801", "010*****127转***"),
        ("5550127", "*******"),
        ("+85291234567", "*********567"),
        ("", ""),
    ],
)
def test_telephones_are_masked(number, shown):
    assert standards.mask_phone(number) == shown


@given(st.text(max_size=30))
def test_whatever_is_typed_nothing_breaks(text):
    for normalise in (
        standards.normalise_uscc,
        standards.normalise_organisation_code,
        standards.normalise_identity_number,
        standards.normalise_division_code,
    ):
        assert normalise(normalise(text)) == normalise(text)
    for validate in (
        standards.validate_uscc,
        standards.validate_organisation_code,
        standards.validate_identity_number,
        standards.validate_phone,
        standards.validate_division_code,
        standards.validate_doc_no,
    ):
        passes(validate, text)
    if passes(standards.validate_phone, text):
        phone = standards.normalise_phone(text)
        assert standards.normalise_phone(phone) == phone
    standards.mask_id(text)
    standards.mask_phone(text)
