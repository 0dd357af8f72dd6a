"""What passes inside the acting office before its one decision, as a project at hand tells it."""

from django.utils.functional import cached_property


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
