"""What askers read of us, beside the pages: kinds of asking, and text messages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sondervoice.kernel.rights import RightsKind

# In the order of the form: what most people come for stands first.
KINDS: Final[Mapping[RightsKind, tuple[str | Promise, str | Promise]]] = (
    MappingProxyType(
        {
            RightsKind.ERASE: (
                _("Erase my data"),
                _("Recordings, what was written down, your name and number."),
            ),
            RightsKind.ACCESS: (_("See my data"), _("To read and to hear.")),
            RightsKind.EXPORT: (
                _("Get a copy"),
                _("All of it, in files that programs read as well."),
            ),
            RightsKind.RECTIFY: (_("Correct my data"), _("Write below what is wrong.")),
            RightsKind.RESTRICT: (
                _("Stop using my data"),
                _("It is kept until its day, and nobody works with it."),
            ),
            RightsKind.OBJECT: (
                _("Object"),
                _("Write below to what, and why in your case."),
            ),
        }
    )
)

USED_UP: Final = _("No more text messages can be sent today. Use your e-mail address.")
WRONG_CODE: Final = _("This code is not right, or is too old.")
CODE: Final = _("%(code)s is your code for SonderVoice, good for 10 minutes.")
RECEIVED: Final = _("We are asking the clinics for you. How it stands: %(url)s")
ANSWERED: Final = _("There is an answer for you. Read it here: %(url)s")
PUT_OFF: Final = _("A clinic needs more time. Until when and why: %(url)s")
NOTHING: Final = _("No clinic that uses SonderVoice has calls from this number.")
