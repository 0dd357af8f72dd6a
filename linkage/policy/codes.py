"""How a document number (发文字号) is written: GB/T 9704, six-cornered brackets, no leading zero."""

import re

DOC_NO = re.compile(r"[一-龥]+〔\d{4}〕[1-9]\d*号")

_BRACKETS = str.maketrans("[](){}【】［］（）﹝﹞", "〔〕" * 7)


def normal_doc_no(written):
    """渝民发[2018]42号 and 渝民发（2018）42号 are 渝民发〔2018〕42号."""
    return "".join(written.split()).translate(_BRACKETS)


def is_doc_no(written):
    return DOC_NO.fullmatch(written) is not None
