"""Names every page, so that each registers itself and its addresses."""

from accounts.operators.pages import acts as acts_page
from accounts.operators.pages import agencies, grants, leavings, organizations, people
from accounts.operators.site import operator_site
from accounts.operators.urls import acts

__all__ = ["acts_page", "agencies", "grants", "leavings", "organizations", "people"]

operator_site.further = acts
