from django.apps import apps

from accounts.models import Organization
from compliance.closing.services.clinic_rows import in_order
from sondervoice.kernel.clinic_rows import Leaves, leaving, staying
from sondervoice.kernel.tenancy import TenantModel


def _of_a_clinic(model) -> bool:
    names = {field.attname for field in model._meta.concrete_fields}
    return issubclass(model, TenantModel) or "organization_id" in names


def _models() -> set[str]:
    return {model._meta.label for model in apps.get_models() if _of_a_clinic(model)}


class TestRowsOfAClinic:
    def test_leave_at_closing_or_have_a_reason_to_stay(self):
        said = set(leaving()) | set(staying())

        assert _models() - said == set()
        assert said - _models() == set()
        assert set(leaving()) & set(staying()) == set()

    def test_that_stay_say_why_in_words(self):
        assert all(len(reason) > 20 for reason in staying().values())

    def test_go_before_the_rows_they_refer_to(self):
        order = [model for when in Leaves for model in in_order(when)]

        assert {model._meta.label for model in order} == set(leaving())
        wrong = [
            (one._meta.label, field.name)
            for place, one in enumerate(order)
            for field in one._meta.concrete_fields
            if field.related_model in order[:place]
        ]
        assert wrong == []

    def test_that_stay_refer_to_none_that_goes(self):
        gone = {apps.get_model(name) for name in leaving()}
        wrong = [
            (name, field.name)
            for name in staying()
            for field in apps.get_model(name)._meta.concrete_fields
            if field.related_model in gone
        ]
        assert wrong == []

    def test_are_found_by_more_than_their_base_class(self):
        assert {"machines.TokenFamily", "accounts.ObjectGrant"} <= _models()
        assert Organization._meta.label not in _models()
