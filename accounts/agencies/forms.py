"""The form of a clinic that an agency opens."""

from accounts.joining.fields import AddressField
from accounts.joining.forms import NewClinicForm


class AgencyClinicForm(NewClinicForm):
    """Asks for a clinic and whom to invite as its owner."""

    owner_email = AddressField()
