"""Facts about social workers: qualification, posts, assignments, what they get, and whom else one can win."""

from .assignment import Assignment, ElectedOffice
from .certificate import Certificate, CertificateRegistration
from .education import ContinuingEducation, Education, ExamEntry, RelatedMajor
from .post import PostHolding, PostTotal, SocialWorkPost, post_share
from .resource import Cooperation, ProfessionalResource, RecruitmentPosting
from .reward import AllowancePayment, AllowanceStandard, Award, Conversion
from .worker import SocialWorker, WorkerPart

__all__ = [
    "AllowancePayment",
    "AllowanceStandard",
    "Assignment",
    "Award",
    "Certificate",
    "CertificateRegistration",
    "ContinuingEducation",
    "Conversion",
    "Cooperation",
    "Education",
    "ElectedOffice",
    "ExamEntry",
    "PostHolding",
    "PostTotal",
    "ProfessionalResource",
    "RecruitmentPosting",
    "RelatedMajor",
    "SocialWorkPost",
    "SocialWorker",
    "WorkerPart",
    "post_share",
]
