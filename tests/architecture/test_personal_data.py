from collections import Counter
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.module_loading import import_string

from compliance.ledger.words import WORDS
from sondervoice.kernel.personal_data import holders, without_holder
from sondervoice.kernel.purposes import OUR_OWN, Basis, Purpose, Subject, held
from sondervoice.kernel.recipients import recipients
from sondervoice.kernel.tenancy import TenantModel
from tests.architecture.erasers import ERASED_BY, OF_NOBODY, RECORD
from tests.architecture.erasers import OURS as OUR_PEOPLE

OURS = {"accounts", "compliance", "recordings", "sondervoice", "telephony"}
USED = {"django_otp_webauthn.WebAuthnCredential", "sessions.Session"}

CAN_HOLD = (
    models.CharField,
    models.TextField,
    models.BinaryField,
    models.JSONField,
    models.FileField,
    models.GenericIPAddressField,
)


def _can_hold(field) -> bool:
    inner = field.base_field if isinstance(field, ArrayField) else field
    return isinstance(inner, CAN_HOLD)


def _fields(models_: Iterable[type[models.Model]]) -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in models_
        for field in model._meta.concrete_fields
        if _can_hold(field)
    }


def _of_a_clinic() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def _of_no_clinic() -> list[type[models.Model]]:
    """Return our own other models, and those of packages in which people stand."""
    return [
        model
        for model in apps.get_models()
        if not issubclass(model, TenantModel)
        and (model.__module__.partition(".")[0] in OURS or model._meta.label in USED)
    ]


def _held_of_a_clinic() -> list[str]:
    clinics = {model._meta.label for model in _of_a_clinic()}
    return [name for name in _held() if name.rpartition(".")[0] in clinics]


def _held() -> list[str]:
    return [column for one in held() for column in one.columns]


class TestFieldOfAClinic:
    def test_has_one_holder_or_says_why_it_is_held_or_is_of_nobody(self):
        said = Counter(column for one in holders() for column in one.columns)
        said.update(_held_of_a_clinic())
        said.update(list(without_holder()))

        fields = _fields(_of_a_clinic())
        assert set(said) - fields == set()
        assert fields - set(said) == set()
        assert [name for name, times in said.items() if times > 1] == []

    def test_says_its_reason_in_words(self):
        assert all(len(reason) > 8 for reason in without_holder().values())


class TestFieldOfNoClinic:
    def test_has_somebody_who_erases_it_or_is_of_nobody(self):
        fields = _fields(_of_no_clinic())

        assert fields - set(ERASED_BY) - set(OF_NOBODY) == set()
        assert (set(ERASED_BY) | set(OF_NOBODY)) - fields == set()
        assert set(ERASED_BY) & set(OF_NOBODY) == set()

    def test_says_why_it_is_held_if_it_is_of_somebody(self):
        about_people = {
            name for name, why in OF_NOBODY.items() if why in {OUR_PEOPLE, RECORD}
        }
        said = Counter(_held()) - Counter(_held_of_a_clinic())

        assert set(said) == set(ERASED_BY) | about_people
        assert [name for name, times in said.items() if times > 1] == []

    @pytest.mark.parametrize("eraser", sorted(set(ERASED_BY.values())))
    def test_names_an_eraser_that_is_there(self, eraser: str):
        assert callable(import_string(eraser))

    def test_says_its_reason_in_words(self):
        assert all(len(reason) > 4 for reason in OF_NOBODY.values())


class TestHolder:
    def test_has_a_name_of_its_own(self):
        assert [one.name for one in holders()] == [
            "recordings.audio",
            "recordings.transcript",
            "scheduling.patients",
            "telephony.fields",
            "telephony.messages",
            "rights.askers",
            "telephony.metadata",
            "telephony.strays",
        ]


def _uses():
    return [one.use for one in holders()] + [one.use for one in held()]


class TestUse:
    def test_is_said_of_every_holder_and_group(self):
        for use in _uses():
            assert isinstance(use.purpose, Purpose)
            assert isinstance(use.basis, Basis)
            assert len(use.title) > 8

    def test_of_callers_data_is_never_our_own(self):
        callers = [use for use in _uses() if use.of is Subject.CALLERS]

        assert len(callers) > 8
        assert [use.title for use in callers if use.purpose in OUR_OWN] == []

    def test_says_how_long_where_no_clinic_chooses(self):
        assert [one.name for one in held() if not one.use.kept] == []

    def test_is_sent_to_somebody_of_the_register(self):
        sent_to = {to for use in _uses() for to in use.sent_to}

        assert sent_to - {one.name for one in recipients()} == set()

    def test_shows_only_fields_of_its_own(self):
        for holder in holders():
            shown = {one.column for one in holder.use.shown}
            assert not holder.columns or shown <= holder.columns

    def test_names_looks_that_the_record_knows(self):
        looks = {look for use in _uses() for one in use.shown for look in one.seen_by}

        assert looks - set(WORDS) == set()
