"""What the receptionist says in English."""

from typing import Final

PHRASES: Final = {
    # Opening.
    "ask_help": "How can I help you?",
    "press_for_language": "For English, press {key}.",
    "consent_given": "Thank you.",
    "consent_not_given": "Then this call is not recorded.",
    "ask_again_consent": "Please say yes or press 1, or say no or press 2.",
    # Booking.
    "book_start": "I can book that for you.",
    "ask_name": "What is your first and last name? Please also spell your last name.",
    "ask_name_again": (
        "I did not catch the name. Please say your first and last name once more, "
        "then spell your last name."
    ),
    "name_heard": "Thank you, {name}.",
    "name_by_staff": "I did not catch the name; our staff will confirm it.",
    "ask_when": "Which day and time would suit you?",
    "slot": "{date}, at {time}, with {whom}",
    "ask_offer": "I have {slot}. Shall I book it?",
    "ask_offer_again": (
        "For {slot}, say yes or press 1. For another time, say no or press 2."
    ),
    "nothing_then": "Nothing is free then.",
    "no_more_times": "I have no other time to offer there.",
    "no_times_at_all": "I have no free appointment at the moment.",
    "ask_own_number": (
        "Shall we use the number you are calling from? Say yes or press 1, or no "
        "or press 2."
    ),
    "phone_not_caught": "I did not catch the phone number.",
    "ask_phone": (
        "Please type your phone number, then the hash key, or say it digit by digit."
    ),
    "read_back": "I note {slot}, for {name}, phone number {phone}.",
    "nobody": "a patient whose name our staff will confirm",
    "own_number": "the one you are calling from",
    "ask_confirm": (
        "I have {slot}, for {name}, phone number {phone}. Is that right? Say yes "
        "or press 1, or no or press 2."
    ),
    "just_gone": "I am sorry, that one has just gone.",
    "booked": "It is booked.",
    "ask_wrong": (
        "Nothing is booked yet. Press 1 for another time, 2 for another phone "
        "number, or 3 to leave a message."
    ),
    "cannot_book": "I am sorry, I cannot book that.",
    "not_booked": (
        "I have not booked anything. I leave our staff a note to call you back."
    ),
    # Cancelling.
    "ask_cancel": (
        "I find {slot}. Shall I cancel it? Say yes or press 1, or no or press 2."
    ),
    "none_found": "I find no appointment under the number you are calling from.",
    "cancelled": "Cancelled: {slot}.",
    "cannot_cancel": "I am sorry, I cannot cancel that.",
    "nothing_cancelled": "Then I have cancelled nothing.",
    # Messages and people.
    "ask_message": "Please say your message now, with your name and phone number.",
    "message_taken": "Thank you. Our staff will get your message.",
    "message_failed": (
        "I am sorry, I could not keep your message. Please call again later."
    ),
    "cannot_move": "I cannot move an appointment, but our staff can.",
    "putting_through": "I am putting you through to a person. One moment, please.",
    "no_person": (
        "I cannot put you through to a person, but our staff will call you back."
    ),
    # Payments.
    "no_cards": (
        "We never take card numbers by phone. What you said about the card was "
        "not kept."
    ),
    "no_payments": "I cannot take payments by phone.",
    "ask_link": (
        "Shall our staff send you a payment link? Say yes or press 1, or no or press 2."
    ),
    "link_wanted": "The caller asks for a payment link.",
    "payment_noted": "I leave our staff a note about the payment.",
    "note_payment": (
        "The caller asked about a payment and it was not settled. Please call back."
    ),
    # Emergencies.
    "emergency": "If this is an emergency, hang up and call {emergency} now.",
    "ask_emergency": "If it is not, press 1 to go on, or leave a message with 3.",
    "ask_emergency_person": (
        "If it is not, press 1 to go on, or 0 to speak to a person here."
    ),
    "hang_up_now": "Please hang up now and call {emergency}.",
    # Questions about us.
    "robot": "No, I am not a person. I am an AI assistant of {clinic}.",
    "fact_unknown": "I do not know that, but our staff do.",
    # When things go wrong.
    "not_understood": "I am sorry, I did not understand.",
    "yes_or_no": "Say yes or press 1, or no or press 2.",
    "menu": (
        "I did not understand. Press 1 to book, 2 to cancel, 3 for a message, or 0 "
        "for a person."
    ),
    "menu_no_person": (
        "I did not understand. Press 1 to book, 2 to cancel, or 3 to leave a message."
    ),
    "ask_menu": (
        "Press 1 to book, 2 to cancel, 3 to leave a message, or 0 for a person."
    ),
    "ask_menu_no_person": "Press 1 to book, 2 to cancel, or 3 to leave a message.",
    "language_not_heard": (
        "This assistant cannot understand English at the moment. Please say your "
        "message now."
    ),
    "language_not_heard_person": (
        "This assistant cannot understand English at the moment. Please say your "
        "message now, or press 0 for a person."
    ),
    "language_called_back": (
        "This assistant cannot understand English at the moment. Our staff "
        "will call you back."
    ),
    "language_called_back_person": (
        "This assistant cannot understand English at the moment. Our staff "
        "will call you back. Or press 0 for a person."
    ),
    "books_away": "I am sorry, I cannot see the appointments at the moment.",
    "cut_off": "I am sorry, we were cut off.",
    "still_there": "Are you still there?",
    # The end.
    "ask_more": "Is there anything else?",
    "goodbye": "Thank you for calling. Goodbye.",
    "note_hung_up": "The caller hung up before this was done. Listen to the call.",
    "note_language": (
        "The caller speaks a language that the assistant does not understand. "
        "Please call back."
    ),
    "note_booking": (
        "The caller wanted an appointment and none was booked. Please call back."
    ),
    "note_wish": "This appointment was spoken of and not booked: {slot}.",
}
