"""What may be typed about targets: coverage terms, scenarios, supervisions."""

from linkage.attainment.forms.scenario import ScenarioForm
from linkage.attainment.forms.supervision import EndForm, IssueForm, ProgressForm
from linkage.attainment.forms.term import CoverageTermForm

__all__ = ["CoverageTermForm", "EndForm", "IssueForm", "ProgressForm", "ScenarioForm"]
