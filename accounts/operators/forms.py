"""What operators write."""

from typing import Final

from django import forms

from accounts.entitlements import Plan
from accounts.models import PLAN_CHOICES

_PLAN_WORDS: Final = {plan.value: plan.value.capitalize() for plan in Plan}


class ReasonForm(forms.Form):
    """A reason, for the register."""

    reason = forms.CharField(
        max_length=200,
        label="Reason",
        help_text="For the register. No names of callers.",
        error_messages={"required": "Write why. Others must be able to follow it."},
    )


class AddressForm(forms.Form):
    """Whom an operator looks for; sent by POST, so that no address stands in a URL."""

    email = forms.EmailField(
        label="E-mail",
        error_messages={
            "required": "Write the e-mail address.",
            "invalid": "This is not an e-mail address. Check for missing letters.",
        },
    )


class AdministratorForm(AddressForm, ReasonForm):
    """Who is to administer an agency, by the address of an account, and why."""


class OwnerForm(AddressForm):
    """Who is to own a clinic, by the address of an account, and why."""

    reason = forms.CharField(
        max_length=200,
        label="Reason",
        help_text="It stands in the letter. No names of callers.",
        error_messages={"required": "Write why. The clinic reads it."},
    )


class AgencyForm(AdministratorForm):
    """An agency that is to be made, with its first administrator."""

    name = forms.CharField(
        max_length=200,
        label="Name",
        error_messages={"required": "Write what the agency is called."},
    )
    field_order = ("name", "email", "reason")


class AskSessionForm(forms.Form):
    """Why an operator wants to look at a clinic, and for how long."""

    ticket = forms.CharField(
        max_length=40,
        label="Ticket",
        error_messages={"required": "Write the number of the ticket."},
    )
    reason = forms.CharField(
        max_length=200,
        label="Reason",
        help_text="The clinic reads this. No names of callers.",
        error_messages={"required": "Write why. The clinic reads it."},
    )
    minutes = forms.IntegerField(
        min_value=1,
        max_value=60,
        initial=30,
        label="Minutes",
        error_messages={
            "required": "Write how many minutes.",
            "invalid": "Write a whole number from 1 to 60.",
            "min_value": "Write a whole number from 1 to 60.",
            "max_value": "Write a whole number from 1 to 60.",
        },
    )
    as_member = forms.UUIDField(
        required=False,
        label="As member",
        help_text="The id of a member whose view you need. Empty: your own view.",
        error_messages={"invalid": "This is not an id. Copy it from Memberships."},
    )


class PlanForm(forms.Form):
    """Which plan a clinic is on."""

    plan = forms.ChoiceField(
        choices=[(value, _PLAN_WORDS[value]) for value, _ in PLAN_CHOICES],
        label="Plan",
        error_messages={"required": "Choose a plan."},
    )
    reason = forms.CharField(
        max_length=200,
        required=False,
        label="Reason",
        help_text="For a smaller plan: the clinic reads it. No names of callers.",
    )
