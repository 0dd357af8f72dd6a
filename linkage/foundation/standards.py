"""Numbers and codes by national standards (DOMAIN §5.1 to 5.3, 5.12): how written, when right, how masked.

``normalise_x`` gives the form that is stored, whatever was typed; ``validate_x`` judges that form, so it
takes a number as people write it, says what is wrong with it and serves as a validator of a field.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import ric, uscc

GAPS = r"\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # blanks, and what is not seen at all
DASHES = "\\-\u2010-\u2015\u2212"
FILLING = re.compile(f"[{GAPS}{DASHES}]")
ROUNDED = re.compile(r"[0-9.]+E\+?[0-9]+")  # 6.20102E+17: a spreadsheet took the number for a quantity


def _half(text):
    """Full width made half, letters made capitals."""
    if text and text.isascii():
        return text.upper()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text or "").upper())


def _bare(text):
    """Blanks and dashes gone as well."""
    return _half(FILLING.sub("", _half(text)))


def _require_length(number, length, message, code):
    if ROUNDED.fullmatch(number):
        raise ValidationError(
            _("A spreadsheet has rounded this number. Type it again into a cell of the format “text”."), code
        )
    if len(number) != length:
        raise ValidationError(message % {"count": len(number)}, code)


# Unified social credit code, GB 32100-2015

USCC_LENGTH = 18
USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def normalise_uscc(text):
    return _bare(text)


def validate_uscc(text):
    number = normalise_uscc(text)
    if not USCC.fullmatch(number):
        _require_length(
            number,
            USCC_LENGTH,
            _("A unified social credit code has 18 characters, this one has %(count)s."),
            "uscc",
        )
        raise ValidationError(
            _(
                "A unified social credit code has digits and capital letters without I, O, S, V and Z; "
                "characters 3 to 8 are digits."
            ),
            "uscc",
        )
    if uscc.calc_check_digit(number[:-1]) != number[-1]:
        raise ValidationError(
            _("The check character of this unified social credit code is wrong: compare it once more."),
            "uscc",
        )


# Organisation code, GB 11714: the characters 9 to 17 of the code above, and what came before it

ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def normalise_organisation_code(text):
    """55138508-2 is kept as 551385082."""
    return _bare(text)


def validate_organisation_code(text):
    number = normalise_organisation_code(text)
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", number):
        raise ValidationError(
            _("An organisation code has 8 digits or capital letters and a check character."),
            "organisation_code",
        )
    total = sum(int(c, 36) * weight for c, weight in zip(number, ORGANISATION_WEIGHTS, strict=False))
    if "0123456789X"[-total % 11] != number[-1]:
        raise ValidationError(
            _("The check character of this organisation code is wrong: compare it once more."),
            "organisation_code",
        )


# Resident identity number, GB 11643

IDENTITY_LENGTH = 18


class Sex(models.TextChoices):
    MALE = "male", gettext_lazy("male")
    FEMALE = "female", gettext_lazy("female")


@dataclass(frozen=True)
class Identity:
    """What a resident identity number says of its holder."""

    birth_date: date
    sex: Sex


def normalise_identity_number(text):
    return _bare(text)


def read_identity_number(text):
    """Birth date and sex, or a ValidationError. Any division is accepted: old codes were withdrawn."""
    number = normalise_identity_number(text)
    _require_length(
        number,
        IDENTITY_LENGTH,
        _("A resident identity number has 18 characters, this one has %(count)s."),
        "identity_number",
    )
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise ValidationError(
            _("A resident identity number has 17 digits and a last digit or X."), "identity_number"
        )
    try:
        birth_date = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        birth_date = None
    if birth_date is None or not date(1900, 1, 1) <= birth_date <= timezone.localdate():
        raise ValidationError(
            _("Digits 7 to 14 of a resident identity number are the date of birth; these are none."),
            "identity_number",
        )
    if ric.calc_check_digit(number) != number[-1]:
        raise ValidationError(
            _("The last character of this resident identity number is wrong: compare it once more."),
            "identity_number",
        )
    return Identity(birth_date, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def validate_identity_number(text):
    read_identity_number(text)


# Telephones of the mainland

MOBILE_LENGTH = 11
MOBILE = re.compile(r"1[3-9][0-9]{9}")
TELEPHONE = re.compile(
    r"(0(?:10|2[0-9])[2-9][0-9]{7}"  # three digits of area code, eight of the telephone
    r"|0[3-9][0-9]{2}[2-9][0-9]{6,7}"
    r"|[48]00[0-9]{7}"
    r"|[2-9][0-9]{6,7})"  # without area code, as neighbours give it
    r"(?:转[0-9]{1,6})?"
)
WORDED = re.compile(rf"[{DASHES}]?(?:转|分机|EXT\.?|X|#)[:.]?([0-9]{{1,6}})$")
DASHED = re.compile(rf"^((?:0[0-9]{{2,3}}[{DASHES}]?)?[2-9][0-9]{{6,7}})[{DASHES}]([0-9]{{1,6}})$")
COUNTRY = re.compile(rf"^(?:\+|00)86[{DASHES}]?|^86[{DASHES}]?(?=1[3-9][0-9{DASHES}]{{9,}}$)")


def normalise_phone(text):
    """138-0000-1234 is 13800001234; (0931) 555 0127 转 8 and 0931-5550127-8 are 09315550127转8."""
    if text and MOBILE.fullmatch(text):
        return str(text)
    number = re.sub(f"[{GAPS}()]", "", _half(text))
    number = WORDED.sub(r"转\1", COUNTRY.sub("", number))
    return FILLING.sub("", DASHED.sub(r"\1转\2", number))


def validate_phone(text):
    number = normalise_phone(text)
    if re.fullmatch(r"1[0-9]{8,}", number) and len(number) != MOBILE_LENGTH:
        raise ValidationError(
            _("A mobile number has 11 digits, this one has %(count)s.") % {"count": len(number)}, "phone"
        )
    if not MOBILE.fullmatch(number) and not TELEPHONE.fullmatch(number):
        raise ValidationError(_("Give a mobile number, or a telephone with its area code."), "phone")


# Division code, GB/T 2260, GB/T 10114 and the statistical code of 12 digits

DIVISION_LENGTHS = (6, 9, 12)


def normalise_division_code(text):
    return _bare(text)


def validate_division_code(text):
    code = normalise_division_code(text)
    if len(code) not in DIVISION_LENGTHS or not re.fullmatch(r"[1-9][0-9]+", code):
        raise ValidationError(_("A division code has 6, 9 or 12 digits."), "division_code")


def significant_division(text):
    """The digits that name the place, as ``Region.code`` keeps them: 620102000000 is 620102, 620000 is 62."""
    code = normalise_division_code(text)
    for length, padding in ((12, 3), (9, 3), (6, 2), (4, 2)):
        if len(code) == length and code.endswith("0" * padding):
            code = code[:-padding]
    return code


# Document number (发文字号), GB/T 9704: six-cornered brackets, no leading zero

DOC_NO = re.compile(r"[一-龥]+〔[0-9]{4}〕[1-9][0-9]*号")

_BRACKETS = str.maketrans("[](){}【】", "〔〕" * 4)


def normal_doc_no(written):
    """渝民发[2018]42号 and 渝民发（2018）42号 are 渝民发〔2018〕42号."""
    return re.sub(f"[{GAPS}]", "", unicodedata.normalize("NFKC", written)).translate(_BRACKETS)


def is_doc_no(written):
    return DOC_NO.fullmatch(written) is not None


def validate_doc_no(text):
    if not is_doc_no(normal_doc_no(text)):
        raise ValidationError(_("Write the document number like 甘民发〔2016〕98号."), "doc_no")


# What is shown in place of a number

SHORT = 8  # below this length the last four characters would be half of the paper


def mask_id(text):
    """360426********0071; of other papers (a passport, a residence permit) the last four characters."""
    number = normalise_identity_number(text)
    if re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return f"{number[:6]}********{number[-4:]}"
    if len(number) < SHORT:
        return "*" * len(number)
    return "*" * (len(number) - 4) + number[-4:]


YEAR_OF = re.compile(r"((?:18|19|20)[0-9]{2})(?=[0-9]{4}$|[^0-9]|$)")


def mask_birthday(text):
    """1980-**-**: a masked identity number leaves out the day of birth and nothing else, so that the two
    would be the number."""
    text = str(text).strip()
    found = YEAR_OF.match(text)
    return f"{found[1] if found else '****'}-**-**" if any(map(str.isdigit, text)) else ""


def mask_phone(text):
    """138****5678; of other telephones the area code and the last three digits."""
    number, _turn, extension = normalise_phone(text).partition("转")
    if MOBILE.fullmatch(number):
        shown = f"{number[:3]}****{number[-4:]}"
    elif number.startswith("0") and TELEPHONE.fullmatch(number):
        area = 3 if number[1] in "12" else 4
        shown = number[:area] + "*" * (len(number) - area - 3) + number[-3:]
    else:
        shown = "*" * max(len(number) - 3, 0) + number[-3:] if len(number) >= SHORT else "*" * len(number)
    return shown + "转" + "*" * len(extension) if extension else shown
