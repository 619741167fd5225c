from accounts.guessing.errors import TooManyTriesError
from accounts.passwords.errors import PasswordsBusyError
from sondervoice.kernel.errors import NotFoundError
from sondervoice.problems import problem


class TestProblem:
    def test_says_when_to_ask_again_if_the_error_knows(self):
        locked = problem(TooManyTriesError(wait_s=60.2), {})
        busy = problem(PasswordsBusyError(), {})
        missing = problem(NotFoundError(), {})

        assert (locked.status_code, locked.headers["Retry-After"]) == (429, "61")
        assert locked.data["code"] == "too_many_tries"
        assert locked.data["detail"] == "Wait 2 minutes, then try again."
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "10")
        assert "Retry-After" not in missing.headers
