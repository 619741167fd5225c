import pytest
from django.core import mail

from accounts.models import User
from accounts.second_factor import tasks
from accounts.way_in import signing_in
from sondervoice.kernel.tenancy import set_local
from tests.cast import Cast

SUBJECTS = {
    "tell_factor_added": "Your sign-in: a second step was added",
    "tell_factor_removed": "Your sign-in: a second step was removed",
    "tell_codes_made": "Your sign-in: new recovery codes",
    "tell_factor_reset": "Your sign-in: set up your second step anew",
}


@pytest.mark.parametrize("job", SUBJECTS)
class TestLetter:
    def test_goes_to_the_person_with_an_address_of_ours(
        self, cast: Cast, settings, job: str
    ):
        settings.PUBLIC_BASE_URL = "https://voice.example"

        getattr(tasks, job)(organization_id=None, user_id=cast.ben.id)

        (letter,) = mail.outbox
        assert letter.to == [cast.ben.email]
        assert letter.subject == SUBJECTS[job]
        assert "Hello Ben Osei," in letter.body
        assert "https://voice.example/accounts/" in letter.body

    def test_is_not_written_to_who_has_been_let_go(self, cast: Cast, job: str):
        with signing_in():
            User.objects.filter(pk=cast.ben.pk).update(is_active=False)
        set_local("app.user_id", "")

        getattr(tasks, job)(organization_id=None, user_id=cast.ben.id)

        assert mail.outbox == []
