"""What is kept of whoever asks about their own data, outside of any clinic."""

from typing import Final

from sondervoice.kernel.purposes import Basis, Held, Purpose, Subject, Use

HELD: Final = (
    Held(
        name="asking.askings",
        use=Use(
            title="Who asks all clinics about their data, until each has answered",
            of=Subject.CALLERS,
            purpose=Purpose.RIGHTS,
            basis=Basis.LEGAL_DUTY,
            sent_to=("carrier", "mail"),
            kept="A day without proof; 30 days after the last answer",
        ),
        columns=frozenset(
            {
                "asking.Asking.kind",
                "asking.Asking.language",
                "asking.Asking.phone_sealed",
                "asking.Asking.email_sealed",
                "asking.Asking.words_sealed",
                "asking.Asking.sealed_by",
                "asking.AskedClinic.status",
            }
        ),
    ),
    Held(
        name="asking.own_requests",
        use=Use(
            title="What people who work with us ask about their own data",
            of=Subject.STAFF,
            purpose=Purpose.OUR_DUTIES,
            basis=Basis.LEGAL_DUTY,
            kept="A year after the answer",
        ),
        columns=frozenset(
            f"asking.PrivacyRequest.{field}"
            for field in (
                "kind",
                "status",
                "words_sealed",
                "sealed_by",
                "put_off_sealed",
                "answer_sealed",
            )
        ),
    ),
)
