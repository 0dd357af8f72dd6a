"""The pages of errors: ``handler400`` and its kin of the root URLconf point here."""

import sys

from django.utils.translation import gettext as _

from . import faults


def bad_request(request, exception):
    return faults.answer(request, faults.fault_of(exception) or faults.not_understood())


def forbidden(request, exception):
    return faults.answer(request, faults.fault_of(exception) or faults.forbidden())


def not_found(request, exception=None):
    """The same words for what does not exist and for what is not yours."""
    del exception
    return faults.answer(request, faults.Fault(404, _("There is nothing here.")))


def server_error(request):
    """A database that cannot be reached is a 503; everything else here is a mistake of ours."""
    fault = faults.fault_of(sys.exc_info()[1])
    if fault is None or fault.status != 503:
        fault = faults.Fault(500, _("Something went wrong on our side. It has been recorded."))
    return faults.answer(request, fault)


def csrf_failure(request, reason=""):
    del reason
    return faults.answer(
        request, faults.Fault(403, _("This form is too old. Please reload the page and send it again."))
    )
