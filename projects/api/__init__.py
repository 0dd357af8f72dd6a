"""Projects, batches and programmes over REST: the same rows, the same verbs as the pages."""

from projects.api.batch import BatchViewSet
from projects.api.programme import ProgrammeViewSet
from projects.api.project import ProjectViewSet

__all__ = ["BatchViewSet", "ProgrammeViewSet", "ProjectViewSet"]
