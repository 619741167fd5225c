from collections import Counter

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from sondervoice.kernel.personal_data import holders, without_holder
from sondervoice.kernel.tenancy import TenantModel

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


def _fields() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, TenantModel)
        for field in model._meta.concrete_fields
        if _can_hold(field)
    }


class TestFieldOfAClinic:
    def test_has_one_holder_or_a_reason_to_have_none(self):
        said = Counter(column for one in holders() for column in one.columns)
        said.update(list(without_holder()))

        assert set(said) - _fields() == set()
        assert _fields() - set(said) == set()
        assert [name for name, times in said.items() if times > 1] == []

    def test_says_its_reason_in_words(self):
        assert all(len(reason) > 8 for reason in without_holder().values())


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
