"""Everyday sentences that belong to no state, so that not all speech is a booking."""

from typing import Final

BACKGROUND: Final = tuple(
    line.strip()
    for line in """
    what is the weather like today
    could you hold on for a second please
    i was wondering about something else
    let me think about it for a moment
    my car broke down on the way there
    we had a very good dinner last night
    is there a bus that stops near the office
    i read about you in the paper
    the children are at school until three
    how long have you been working there
    tell me something funny
    can you transfer some money to my account
    i bought a new phone last week
    who won the game yesterday
    they said it would be ready by now
    she is coming home from the hospital
    turn the music down please
    where did you put the keys
    i am looking at the calendar right now
    sorry i was talking to somebody else
    just a minute my dog is barking
    it has been a long time since i was there
    the letter came in the mail this week
    what do you think about that
    i do not have a computer at home
    would you like some coffee
    we are going to the beach with friends
    please send the report to the manager
    that was a wrong number i think
    i can hear you but the line is not good
    you should have told me before
    there is a lot of traffic in the city
    okay just text me the payment link then
    i am on my own what should i do
    okay i will call them now
    """.splitlines()
    if line.strip()
)
