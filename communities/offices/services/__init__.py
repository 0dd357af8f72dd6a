"""The verbs of offices, posts, deputies, accounts and tokens."""

from communities.offices.services.accounts import (
    LOCKED_FOR,
    TRIES,
    appoint,
    change_password,
    create_account,
    dismiss,
    is_locked,
    new_password,
    open_office,
    rename_office,
    reset_password,
    set_active,
    sign_in,
    usual_office_name,
)
from communities.offices.services.closing import close_office, hand_over
from communities.offices.services.deputies import colleagues, end_deputy, name_deputy
from communities.offices.services.tokens import (
    MARK,
    TOKEN_DAYS,
    TOKENS,
    make_token,
    revoke_token,
    token_of,
)

__all__ = [
    "LOCKED_FOR",
    "MARK",
    "TOKENS",
    "TOKEN_DAYS",
    "TRIES",
    "appoint",
    "change_password",
    "close_office",
    "colleagues",
    "create_account",
    "dismiss",
    "end_deputy",
    "hand_over",
    "is_locked",
    "make_token",
    "name_deputy",
    "new_password",
    "open_office",
    "rename_office",
    "reset_password",
    "revoke_token",
    "set_active",
    "sign_in",
    "token_of",
    "usual_office_name",
]
