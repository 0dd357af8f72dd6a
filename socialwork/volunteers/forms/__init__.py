"""Forms of the registers of volunteers."""

from .record import RecordFormSet, RecordLineForm, ServiceRecordForm
from .volunteer import CertifyForm, VolunteerForm

__all__ = ["CertifyForm", "RecordFormSet", "RecordLineForm", "ServiceRecordForm", "VolunteerForm"]
