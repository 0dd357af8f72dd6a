"""What passes inside the acting office before its one decision, as a project at hand tells it."""

from django.utils.functional import cached_property

from communities.offices.models import Post


class InsideOffice:
    """Read from the rows of ``Handling`` and ``Opinion`` at the current step, in the current round."""

    @cached_property
    def handlings_now(self):
        """What passed inside the office at this step in this round, the latest last."""
        return list(
            self.handlings.filter(round=self.round, step=self.step).select_related("to").order_by("pk")
        )

    @property
    def proposal(self):
        """The proposal that stands, unless it was sent back or passed on since."""
        last = self.handlings_now[-1] if self.handlings_now else None
        return last if last is not None and last.verdict else None

    @cached_property
    def could_propose(self):
        """Ids of those who work in the acting office today and had no hand in another step."""
        there = Post.objects.current().filter(office=self.acting_office.heir, role__in=Post.FILING)
        working = there.filter(user__is_active=True).order_by().values_list("user_id", flat=True)
        hands = {self.created_by_id, *self.submissions.values_list("submitted_by_id", flat=True)}
        for pair in self.decisions.exclude(step=self.step).values_list("by_id", "on_behalf_of_id"):
            hands.update(pair)
        return set(working) - hands

    @cached_property
    def said_by_sections(self):
        """会签: what the sections of the acting office have said at this step in this round."""
        return list(self.joint_opinions.filter(round=self.round, step=self.step).order_by("pk"))

    @property
    def sections_missing(self):
        """The sections whose word is still needed; none once any has spoken where any is enough."""
        stop = self.current_route_step
        if stop is None or not stop.joint_sections:
            return []
        said = {opinion.section for opinion in self.said_by_sections}
        if said and stop.joint_need == "any":
            return []
        return [section for section in stop.joint_sections if section not in said]
