"""Facts about social organisations."""

from .employment import Employment
from .organization import SocialOrganization

__all__ = ["Employment", "SocialOrganization"]
