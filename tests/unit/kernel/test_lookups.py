from uuid import UUID

import pytest

from telephony.models import Call

ONE, TWO = UUID(int=1), UUID(int=0xABCDEF)


def _sent(ids) -> tuple[str, object]:
    sql, params = Call.unscoped.filter(id__any=ids).values("id").query.sql_with_params()
    return sql.partition("WHERE ")[2], params


class TestAnyOf:
    @pytest.mark.parametrize("ids", [[ONE, TWO], (str(ONE), TWO)])
    def test_sends_ids_as_one_parameter(self, ids):
        assert _sent(ids) == (
            '"telephony_call"."id" = ANY(%s::uuid[])',
            ("{00000000000000000000000000000001,00000000000000000000000000abcdef}",),
        )

    def test_sends_none_as_an_empty_array(self):
        assert _sent([])[1] == ("{}",)

    def test_refuses_what_is_no_id(self):
        with pytest.raises(ValueError, match="badly formed"):
            _sent(["1},{2"])
