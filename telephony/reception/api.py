"""Receptionists over REST."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.rest import ClinicView, Pages
from accounts.shapes import page_of
from telephony.reception.models import Agent
from telephony.reception.selectors.agents import list_agents
from telephony.reception.shapes import AGENT


class AgentListView(ClinicView):
    """``GET /api/v1/agents/?ordering=&limit=&cursor=``."""

    permission = Permission.AGENTS_VIEW
    summary = "Receptionists, oldest first"
    answers = page_of(AGENT)
    orderings = (("created_at", "id"), ("-created_at", "-id"))

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return a page of receptionists, oldest first unless asked otherwise."""
        pages = Pages(*self.orderings)
        return pages.answer(request, list_agents(actor=actor), agent_json)


def agent_json(agent: Agent) -> dict[str, Any]:
    """Return one receptionist and what its published version says of it."""
    published = getattr(agent, "published", [])
    newest = published[0] if published else None
    return {
        "id": agent.id,
        "name": agent.name,
        "is_answering": agent.is_answering,
        "version": newest.number if newest else None,
        "languages": newest.languages if newest else [],
        "records": newest.records if newest else False,
        "published_at": newest.published_at if newest else None,
    }
