from telephony.voice.frames import Saying
from telephony.voice.journal import HowHeard
from telephony.voice.notice_watch import NoticeWatch


def sentence(number: int, *, is_disclosure: bool = True) -> Saying:
    return Saying(
        text="x", language="en", number=number, turn=0, is_disclosure=is_disclosure
    )


class TestNoticeWatch:
    def test_counts_the_notice_once_its_last_sentence_was_heard(self):
        watch = NoticeWatch()
        for number in (1, 2):
            watch.said(sentence(number))

        assert watch.ended(sentence(1), HowHeard.FULL) is False
        assert watch.ended(sentence(2), HowHeard.FULL) is True

    def test_does_not_count_a_notice_with_a_sentence_that_was_lost(self):
        watch = NoticeWatch()
        for number in (1, 2):
            watch.said(sentence(number))

        assert watch.ended(sentence(1), HowHeard.NONE) is False
        assert watch.ended(sentence(2), HowHeard.FULL) is False

    def test_counts_it_when_it_is_said_again_and_heard(self):
        watch = NoticeWatch()
        watch.said(sentence(1))
        watch.ended(sentence(1), HowHeard.PART)
        watch.said(sentence(2))

        assert watch.ended(sentence(2), HowHeard.FULL) is True

    def test_takes_no_other_sentence_for_a_notice(self):
        watch = NoticeWatch()
        other = sentence(1, is_disclosure=False)
        watch.said(other)

        assert watch.ended(other, HowHeard.FULL) is False
