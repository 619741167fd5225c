from collections import Counter
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.module_loading import import_string

from sondervoice.kernel.personal_data import holders, without_holder
from sondervoice.kernel.tenancy import TenantModel
from tests.architecture.erasers import ERASED_BY, OF_NOBODY

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


class TestFieldOfAClinic:
    def test_has_one_holder_or_a_reason_to_have_none(self):
        said = Counter(column for one in holders() for column in one.columns)
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
