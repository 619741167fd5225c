from datetime import date

import pytest

from compliance.rights.due_dates import due_on, may_extend_to, reminder_due

DUE = date(2026, 12, 26)


class TestDueOn:
    @pytest.mark.parametrize(
        ("asked", "due"),
        [
            # 30 days are shorter than a month of 31.
            ((2026, 7, 1), (2026, 7, 31)),
            ((2026, 11, 26), (2026, 12, 26)),
            ((2026, 12, 15), (2027, 1, 14)),
            # A month is shorter than 30 days.
            ((2027, 1, 31), (2027, 2, 28)),
            ((2028, 1, 31), (2028, 2, 29)),
            ((2028, 1, 30), (2028, 2, 29)),
            ((2027, 2, 1), (2027, 3, 1)),
            ((2027, 2, 28), (2027, 3, 28)),
        ],
    )
    def test_is_thirty_days_or_a_month(self, asked, due):
        assert due_on(date(*asked)) == date(*due)

    def test_can_be_put_off_by_sixty_days(self):
        assert may_extend_to(date(2026, 12, 26)) == date(2027, 2, 24)


class TestReminderDue:
    @pytest.mark.parametrize(
        ("today", "reminded", "wanted"),
        [
            ((2026, 12, 10), None, None),
            ((2026, 12, 11), None, 15),
            ((2026, 12, 11), 15, None),
            ((2026, 12, 20), 15, None),
            ((2026, 12, 21), 15, 5),
            ((2026, 12, 25), 5, None),
            ((2026, 12, 26), 5, 0),
            ((2026, 12, 26), 0, None),
            ((2027, 3, 1), 0, None),
            # The clock jumped over some: only the last counts.
            ((2026, 12, 22), None, 5),
            ((2027, 1, 5), 15, 0),
            # It jumped back.
            ((2026, 12, 12), 5, None),
        ],
    )
    def test_is_each_once(self, today, reminded, wanted):
        assert reminder_due(today=date(*today), due=DUE, reminded=reminded) == wanted
