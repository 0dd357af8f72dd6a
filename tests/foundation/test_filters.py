"""Only what an endpoint names can be asked of it; lists page by key."""

from datetime import timedelta

import pytest
from django.core.exceptions import BadRequest
from django.utils import timezone
from django_filters.exceptions import FieldLookupError
from rest_framework import serializers, viewsets
from rest_framework.test import APIRequestFactory

from communities.offices.models import User
from linkage.foundation import filters, paging
from linkage.foundation.api import exception_handler
from linkage.foundation.models import AuditEvent, Job

pytestmark = pytest.mark.django_db


class JobFilters(filters.StrictFilterSet):
    owner_name = filters.CodeFilter(field_name="owner__username")

    class Meta:
        model = Job
        fields = {"state": ["exact"], "owner": ["exact"], "cancel_requested": ["exact"], "done": ["gte"]}


class JobSerializer(serializers.ModelSerializer):
    class Meta:
        model = Job
        fields = ["id", "title", "state"]


class Jobs(viewsets.ReadOnlyModelViewSet):
    serializer_class = JobSerializer
    filter_backends = [filters.StrictFilterBackend, filters.StrictOrdering]
    filterset_class = JobFilters
    ordering_fields = {"title": "title", "from": "owner__username", "progress": "total"}
    ordering = ["-id"]
    pagination_class = filters.KeysetPagination
    permission_classes = []
    authentication_classes = []

    def get_queryset(self):
        return Job.objects.all()

    def get_exception_handler(self):
        return exception_handler


def ask(query="", pk=None):
    request = APIRequestFactory().get(f"/api/v1/jobs/{query}")
    view = Jobs.as_view({"get": "retrieve" if pk else "list"})
    response = view(request, **({"pk": pk} if pk else {}))
    response.render()
    return response


@pytest.fixture
def maya():
    user = User.objects.create(username="maya")
    Job.objects.create(kind="a", title="甲", owner=user)
    return user


@pytest.mark.parametrize(
    "query",
    [
        "?titel=x", "?state__regex=x", "?owner__password__startswith=p", "?search=x", "?format=json",
        "?state=queued&state=done", "?state=unknown", "?owner=x", "?owner=0", "?owner=1e3",
        "?owner=99999999999999999999", "?owner=-1", "?cancel_requested=maybe", "?done__gte=many",
        "?ordering=owner__password", "?ordering=id", "?ordering=title,-title", "?ordering=",
        "?ordering=title&ordering=title", "?size=0", "?size=101", "?size=x", "?size=²", "?size=1000000000",
        "?cursor=x", "?cursor=%21", "?cursor=W10", "?cursor=bnVsbA",
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_a_400_that_says_so(maya, query):
    response = ask(query)
    assert response.status_code == 400, query
    assert response.data["detail"]


def test_the_answer_names_the_unknown_parameter(maya):
    assert "titel" in ask("?titel=x").data["errors"]


def test_an_unknown_parameter_is_refused_on_one_row_too(maya):
    job = Job.objects.get()
    assert ask(pk=job.pk).status_code == 200
    assert ask("?x=1", pk=job.pk).status_code == 400
    assert ask("?cursor=x", pk=job.pk).status_code == 400


def test_a_foreign_and_a_missing_key_find_the_same_nothing(maya):
    other = User.objects.create(username="other")
    foreign, missing = ask(f"?owner={other.pk}"), ask("?owner=999999")
    assert foreign.status_code == missing.status_code == 200
    assert foreign.content == missing.content
    assert ask("?owner_name=other").content == ask("?owner_name=nobody").content


def test_allowed_filters_filter(maya):
    assert len(ask(f"?owner={maya.pk}&state=queued&cancel_requested=false").data["results"]) == 1
    assert len(ask("?cancel_requested=true").data["results"]) == 0
    assert len(ask("?owner_name=maya&done__gte=0").data["results"]) == 1


def test_an_encrypted_column_cannot_become_a_filter():
    with pytest.raises(FieldLookupError, match="phone"):

        class Leak(filters.StrictFilterSet):
            class Meta:
                model = User
                fields = ["phone"]


def walk(query):
    """All titles in the order of the pages, forwards, and back again."""
    seen, url = [], query
    while url:
        answer = ask(url)
        seen.append([row["title"] for row in answer.data["results"]])
        last, url = answer, answer.data["next"] and "?" + answer.data["next"].split("?", 1)[1]
    back, url = [seen[-1]], last.data["previous"]
    while url:
        answer = ask("?" + url.split("?", 1)[1])
        back.append([row["title"] for row in answer.data["results"]])
        url = answer.data["previous"]
    assert back == seen[::-1]
    return [title for page in seen for title in page]


@pytest.mark.parametrize("ordering", ["title", "-title", "from,-title", "-from", "progress", "-progress"])
@pytest.mark.parametrize("size", [1, 3, 100])
def test_pages_show_every_row_once_in_order_also_with_equal_and_empty_values(ordering, size):
    owners = [None, User.objects.create(username="a"), User.objects.create(username="b")]
    for number in range(14):
        Job.objects.create(
            kind="a", title=f"{number:02}", owner=owners[number % 3], total=[None, 1, 2, 2][number % 4]
        )
    names = {"from": "owner__username", "progress": "total", "title": "title"}
    order = [("-" if term[0] == "-" else "") + names[term.lstrip("-")] for term in ordering.split(",")]
    expected = list(Job.objects.order_by(*order, "pk").values_list("title", flat=True))
    assert walk(f"?ordering={ordering}&size={size}") == expected


def test_a_row_that_arrives_meanwhile_moves_no_page():
    now = timezone.now()
    for number in range(6):
        AuditEvent.objects.create(kind=str(number), at=now - timedelta(microseconds=number))
    first = paging.page(AuditEvent.objects.all(), ["-at"], size=3)
    AuditEvent.objects.create(kind="new", at=now + timedelta(seconds=1))
    second = paging.page(AuditEvent.objects.all(), ["-at"], cursor=first.next, size=3)
    assert [event.kind for event in (*first, *second)] == ["0", "1", "2", "3", "4", "5"]
    assert second.next is None
    back = paging.page(AuditEvent.objects.all(), ["-at"], cursor=second.previous, size=3)
    assert list(back) == list(first)


def test_a_page_mark_of_another_order_or_with_wrong_values_is_refused():
    for kind in "abc":
        AuditEvent.objects.create(kind=kind)
    mark = paging.page(AuditEvent.objects.all(), ["-at"], size=1).next
    with pytest.raises(BadRequest):
        paging.page(AuditEvent.objects.all(), ["kind"], cursor=mark)
    forged = paging.base64.urlsafe_b64encode(b'[false, ["-at", "pk"], ["yesterday", {"x": 1}]]').decode()
    with pytest.raises(BadRequest):
        paging.page(AuditEvent.objects.all(), ["-at"], cursor=forged)
    forged = paging.base64.urlsafe_b64encode(b'[false, ["-at", "pk"], ["yesterday", 1]]').decode()
    with pytest.raises(BadRequest):
        paging.page(AuditEvent.objects.all(), ["-at"], cursor=forged)


# Pages


@pytest.mark.parametrize("query", ["?x=1", "?q=a&q=b", "?page=two", "?page=" + "9" * 20, "?state=unknown"])
def test_a_page_refuses_what_it_does_not_know(rf, query):
    with pytest.raises(BadRequest):
        filters.strict_query(rf.get(f"/{query}"), {"q": str, "page": int, "state": Job.State.values})


def test_a_page_reads_its_parameters(rf):
    rule = {"q": str, "page": int, "state": Job.State.values}
    assert filters.strict_query(rf.get("/?q=幸福里&page=2&state=done"), rule) == {
        "q": "幸福里", "page": 2, "state": "done",
    }  # fmt: skip
    assert filters.strict_query(rf.get("/?q="), ["q"]) == {}
