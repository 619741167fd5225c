"""What callers say in an emergency, and long rows of digits: the guard's own sentences.

The words follow the warning signs that public health services tell people to act on.
"""

from typing import Final

EMERGENCY_RULES: Final = {
    "who": "/4/ i | my <relative> | he | she",
    "bad": "bad | really bad | terrible | severe | strong | awful | crushing | sharp",
    "part": "chest | left arm | arm | heart | back | jaw | head | stomach",
    "emergency": (
        "/3/ [<who>] (have | has | got | having) [a | an] [<bad>] pain in (my | the"
        " | his | her) <part> | /4/ i have [a] [<bad>] pain in my chest"
        " | /3/ [<who>] (have | has | am having | is having) [<bad>] chest pain [s_]"
        " | my <part> (hurts | feels numb | is numb) [badly | really bad]"
        " | [and] [now] my left arm (feels | is | has gone) numb"
        " | /3/ [<who>] (can't | cannot | can not) breathe [properly | well | any more]"
        " | i have trouble breathing | i'm having trouble breathing"
        " | [<who>] (am | is) (having | having a) (heart attack | stroke | seizure)"
        " | i think (i'm | he's | she's) having a (heart attack | stroke)"
        " | (he | she | my <relative>) (is not breathing | isn't breathing"
        " | is unconscious | has collapsed | collapsed | fainted | won't wake up"
        " | is choking)"
        " | i'm bleeding [badly | heavily] | the bleeding won't stop"
        " | (there's | there is) (so much | a lot of) blood"
        " | i took (too many | an overdose of) (pills | tablets) | i took an overdose"
        " | i want to (kill myself | die | hurt myself) | i'm going to kill myself"
        " | (my face is | his face is | her face is) drooping"
        " | i can't (feel | move) my (arm | leg | face)"
        " | my throat is (closing | swelling) [up] | my tongue is swelling"
        " | (this is | it's) an emergency | call an ambulance | i need an ambulance"
        " | i am having an allergic reaction | someone is choking"
    ),
    "relative": "husband | wife | mother | father | son | daughter | baby | child",
    "emergency_lead": "hello i need to see a doctor | hello | help | please help"
    " | i need help | please | oh my god | it started about <minutes> minutes ago",
    "emergency_turn": "[<emergency_lead>] [and] <emergency> [[and] <emergency>]",
    "card_number": "<four_digits> <four_digits> <four_digits> <four_digits>",
    "card": "[sure | okay | yes] [my] [credit | debit] card number is <card_number>"
    " | the number is <card_number> | <card_number>"
    " | it expires <digit> <digit> <digit> <digit>"
    " | [and] the security code is <three_digits>",
    "guard": "/5/ <emergency_turn> | /3/ <card> | /2/ <phone_said>",
}
