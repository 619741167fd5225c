"""What callers say over us, by voices; espeak-ng calls British English ``en``.

They are judged only: what the judge learned from is `benchmarks.barge_in_lessons`. The
tuned and the seen words were looked at while its lessons were made, the unseen never.
"""

from typing import Final

TUNED_WORDS: Final = {
    ("en-us", "en+f3"): (
        "wait a moment|stop please|no that is wrong|actually tuesday is better"
        "|can i speak to someone|hello|i need to cancel|excuse me|sorry one question"
        "|what did you say|yes but in the morning|okay and how much is it"
        "|my name is miller|not today|on monday"
    ),
    ("de",): (
        "moment bitte|stopp|nein das stimmt nicht|ich habe eine frage|entschuldigung"
        "|warten sie|am montag|halt"
    ),
    ("fr",): (
        "attendez|non pas demain|excusez moi|je voudrais annuler|pardon une question"
        "|mais non|lundi matin"
    ),
}
SEEN_WORDS: Final = {
    ("en-us+f2", "en", "en-gb-scotland+m3"): (
        "listen|one second|that does not work for me|um no|i have a question"
        "|please hold on|are you a person|never mind|repeat that please|emergency"
    ),
    ("de+f2", "de+m4"): (
        "bitte warten|können sie das wiederholen|falsch|oh nein|ja aber morgen"
    ),
    ("fr+f2", "fr+m3"): (
        "un instant|c'est faux|répétez s'il vous plaît|oui mais demain|stop"
    ),
    ("en-us+m2", "en-us+f4", "en+m5"): (
        "hang on|let me think|thursday please|is that today|the doctor told me"
        "|too early|but why|dr adams|half past ten|give me a minute"
    ),
    ("de+f3", "de+m2"): "darf ich etwas fragen|das geht nicht|lieber freitag|wie bitte",
    ("fr+f4", "fr+m2"): "c'est trop tard|je ne peux pas|vendredi plutôt|quoi",
    ("en-us+f1", "en+m7", "en-us+m4"): (
        "sorry|just a second|the other doctor|friday afternoon|when are you open"
        "|does it cost anything|that is fine|go back|what time|my back hurts"
        "|put me through|i want to speak to a human|after lunch|with dr chen|so late"
    ),
    ("de+f4", "de+m7"): "und am mittwoch|kann ich später kommen|doch|bitte noch einmal",
    ("fr+f1", "fr+m7"): "vous pouvez répéter|plus tôt|l'après midi|je rappelle",
}
UNSEEN_WORDS: Final = {
    ("en+f2", "en-us+m1", "en-us+f5"): (
        "no thank you|could you say that again|my daughter is ill|a different day"
        "|is it far|who am i talking to|cancel it|next week|i am calling about my test"
        "|do you take new patients|alright|three o'clock"
    ),
    ("de+f1", "de+m3"): "das ist zu spät|gibt es etwas früheres|nein|und wer sind sie",
    ("fr+f3", "fr+m4"): "une autre date|je n'ai pas compris|où êtes vous|d'accord mais",
}
SENTENCES: Final = (
    "hello, i would like to book an appointment for tomorrow morning, please.",
    "my son has had a fever since sunday, and he does not want to eat anything.",
    "is the practice open on saturday, or only during the week?",
    "i need to cancel my appointment on thursday at half past ten.",
    "well, it hurts a bit when i walk, but not when i sit.",
)
