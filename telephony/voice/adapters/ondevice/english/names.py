"""Names the on-device ear knows; any other surname ends as a clip for staff.

Common first names and surnames of the United States, each with a pronunciation in the
recogniser's own dictionary. Letters are words of their own (``e_``), so that the letter
is never mistaken for the article.
"""

from typing import Final

FIRST_NAMES: Final = tuple(
    """
    aaron adam alan albert alex alice amanda amy andrea andrew angela ann anna anne
    anthony arthur barbara ben benjamin beth betty brandon brenda brian bruce carl
    carol caroline catherine charles charlotte cheryl chris christina christine
    christopher cynthia daniel david deborah debra dennis diana diane donald donna
    dorothy douglas edward elizabeth emily emma eric ethan eva evelyn frances frank
    gary george gerald gloria grace greg hannah harold heather helen henry isabella
    jack jacob james jane janet jason jean jeff jennifer jeremy jessica joan joe john
    jonathan jose joseph joshua joyce juan judith judy julia julie justin karen kate
    katherine kathleen keith kelly kenneth kevin kim kimberly larry laura lauren
    lawrence linda lisa louis lucy madison margaret maria marie marilyn mark martha
    martin mary matthew megan melissa michael michelle mike mohammad nancy natalie
    nathan nicholas nicole nina noah olivia oscar pamela patricia patrick paul peter
    philip rachel ralph randy raymond rebecca richard robert roger ronald rose roy
    ruth ryan samantha samuel sandra sara sarah scott sean sharon sophia stephanie
    stephen steve steven susan teresa theresa thomas timothy tom tyler victoria
    vincent virginia walter wayne william zachary
    """.split()  # noqa: SIM905
)

SURNAMES: Final = tuple(
    """
    adams alexander allen anderson andrews armstrong arnold bailey baker barnes bell
    bennett berry bishop black boyd bradley brooks brown bryant burke burns burton
    butler campbell carlson carpenter carr carroll carter chapman chavez chen clark
    cole coleman collins cook cooper cox crawford cruz cunningham daniels davis dean
    diaz dixon duncan dunn edwards elliott ellis evans ferguson fernandez fisher
    fletcher flores ford foster fox franklin freeman garcia gardner gibson gomez
    gonzales gonzalez gordon graham grant gray green greene griffin hall hamilton
    hansen hanson harper harris harrison hart harvey hawkins hayes henderson henry
    hernandez hicks hill hoffman holmes howard hudson hughes hunt hunter jackson
    jacobs james jenkins jensen johnson johnston jones jordan kelley kelly kennedy
    khan kim king knight lane larson lawrence lawson lee lewis lopez lynch marshall
    martin martinez mason matthews mccarthy mcdonald mendoza meyer miller mills
    mitchell montgomery moore morales moreno morgan morris morrison murphy murray
    myers nelson newman nguyen nichols nelson o'brien oliver olson ortiz owens palmer
    parker patel patterson payne perez perkins perry peters peterson phillips pierce
    porter powell price ramirez ramos ray reed reid reyes reynolds rice richards
    richardson riley rivera roberts robertson robinson rodriguez rogers romero rose
    ross ruiz russell ryan sanchez sanders schmidt schultz scott shaw simmons simpson
    sims singh smith snyder spencer stephens stevens stewart stone sullivan taylor
    thomas thompson torres tran tucker turner vargas vasquez wagner walker wallace
    ward warren washington watkins watson weaver webb weber welch wells west wheeler
    white williams williamson willis wilson wong wood woods wright yang young
    """.split()  # noqa: SIM905
)


def letters(name: str) -> str:
    """Return the name letter by letter: ``e_ l_ l_ i_ s_``."""
    return " ".join(f"{letter}_" for letter in name if letter.isalpha())


def doubled_letters(name: str) -> str:
    """Return the same with pairs as one: ``e_ double l_ i_ s_``."""
    plain = letters(name).split()
    spoken: list[str] = []
    for letter in plain:
        if spoken and spoken[-1] == letter and spoken[-2:-1] != ["double"]:
            spoken[-1:] = ["double", letter]
        else:
            spoken.append(letter)
    return " ".join(spoken)


def name_rules() -> dict[str, str]:
    """Return the rules ``first_name``, ``surname``, ``surname_perhaps_spelled``."""
    spelled = []
    for name in dict.fromkeys(SURNAMES):
        spellings = dict.fromkeys((letters(name), doubled_letters(name)))
        spelled.append(f"{name} [[{name}] ({' | '.join(spellings)})]")
    return {
        "first_name": " | ".join(dict.fromkeys(FIRST_NAMES)),
        "surname": " | ".join(dict.fromkeys(SURNAMES)),
        "surname_perhaps_spelled": " | ".join(spelled),
    }
