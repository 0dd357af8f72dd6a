"""Reading policy documents. They are public: nobody needs to sign in, and no scope applies."""

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linkage.policy.models import PolicyDocument

ASKED = {"q", "large"}


@require_safe
def document_list(request, public=False):
    """All documents, or those that hold the words looked for, with the clauses that do."""
    words = _asked(request).get("q", "").strip()[:100]
    if "\0" in words:
        raise BadRequest(_("The search holds a character that cannot be searched."))
    documents = PolicyDocument.objects.matching(words).with_clauses_on(words)
    return _page(request, "policy/list.html", public, {"documents": documents, "words": words})


@require_safe
def document(request, code, public=False):
    _asked(request)
    found = get_object_or_404(PolicyDocument.objects.prefetch_related("clauses"), code=code)
    return _page(request, "policy/document.html", public, {"document": found})


def _asked(request):
    if unknown := set(request.GET) - ASKED:
        raise BadRequest(_("Unknown filter: %(names)s") % {"names": ", ".join(sorted(unknown))[:100]})
    return request.GET


def _page(request, template, public, context):
    public = public or not request.user.is_authenticated
    frame = {
        "public": public,
        "base": "portal/base.html" if public else "base.html",
        "list_page": "policy:public_list" if public else "policy:list",
        "document_page": "policy:public_document" if public else "policy:document",
    }
    return render(request, template, frame | context)
