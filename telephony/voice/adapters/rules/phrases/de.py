"""What the receptionist says in German."""

from typing import Final

PHRASES: Final = {
    # Opening.
    "ask_help": "Wie kann ich Ihnen helfen?",
    "press_for_language": "Für Deutsch drücken Sie die {key}.",
    "consent_given": "Vielen Dank.",
    "consent_not_given": "Dann wird dieser Anruf nicht aufgezeichnet.",
    "ask_again_consent": (
        "Bitte sagen Sie ja oder drücken Sie die 1, oder sagen Sie nein oder "
        "drücken Sie die 2."
    ),
    # Booking.
    "book_start": "Ich kann das für Sie buchen.",
    "ask_name": (
        "Wie heißen Sie mit Vor- und Nachnamen? Bitte buchstabieren Sie den Nachnamen."
    ),
    "ask_name_again": (
        "Ich habe den Namen nicht verstanden. Bitte sagen Sie Vor- und Nachnamen "
        "noch einmal, und buchstabieren Sie den Nachnamen."
    ),
    "name_heard": "Danke, {name}.",
    "name_by_staff": (
        "Ich habe den Namen nicht verstanden; unser Team wird ihn bestätigen."
    ),
    "ask_when": "Welcher Tag und welche Uhrzeit passen Ihnen?",
    "slot": "{date}, um {time}, bei {whom}",
    "ask_offer": "Ich habe {slot}. Soll ich buchen?",
    "ask_offer_again": (
        "Für {slot} sagen Sie ja oder drücken Sie die 1. Für eine andere Zeit sagen "
        "Sie nein oder drücken Sie die 2."
    ),
    "nothing_then": "Zu dieser Zeit ist nichts frei.",
    "no_more_times": "Ich kann dort keine andere Zeit anbieten.",
    "no_times_at_all": "Im Moment habe ich keinen freien Termin.",
    "ask_own_number": (
        "Sollen wir die Nummer verwenden, von der Sie anrufen? Sagen Sie ja oder "
        "drücken Sie die 1, oder nein oder die 2."
    ),
    "phone_not_caught": "Ich habe die Telefonnummer nicht verstanden.",
    "ask_phone": (
        "Bitte tippen Sie Ihre Telefonnummer und dann die Rautetaste, oder sagen "
        "Sie sie Ziffer für Ziffer."
    ),
    "read_back": "Ich notiere {slot}, für {name}, Telefonnummer {phone}.",
    "nobody": "eine Person, deren Namen unser Team bestätigt",
    "own_number": "die, von der Sie anrufen",
    "ask_confirm": (
        "Ich habe {slot}, für {name}, Telefonnummer {phone}. Ist das richtig? "
        "Sagen Sie ja oder drücken Sie die 1, oder nein oder die 2."
    ),
    "just_gone": "Es tut mir leid, dieser Termin ist gerade vergeben worden.",
    "booked": "Das ist gebucht.",
    "ask_wrong": (
        "Es ist noch nichts gebucht. Drücken Sie die 1 für eine andere Zeit, die "
        "2 für eine andere Telefonnummer oder die 3 für eine Nachricht."
    ),
    "cannot_book": "Es tut mir leid, das kann ich nicht buchen.",
    "not_booked": (
        "Ich habe nichts gebucht. Ich hinterlasse unserem Team eine Notiz, damit "
        "es Sie zurückruft."
    ),
    # Cancelling.
    "ask_cancel": (
        "Ich finde {slot}. Soll ich den Termin absagen? Sagen Sie ja oder drücken "
        "Sie die 1, oder nein oder die 2."
    ),
    "none_found": "Ich finde keinen Termin zu der Nummer, von der Sie anrufen.",
    "cancelled": "Abgesagt: {slot}.",
    "cannot_cancel": "Es tut mir leid, das kann ich nicht absagen.",
    "nothing_cancelled": "Dann habe ich nichts abgesagt.",
    # Messages and people.
    "ask_message": (
        "Bitte sprechen Sie jetzt Ihre Nachricht, mit Namen und Telefonnummer."
    ),
    "message_taken": "Vielen Dank. Unser Team bekommt Ihre Nachricht.",
    "message_failed": (
        "Es tut mir leid, ich konnte Ihre Nachricht nicht speichern. Bitte rufen "
        "Sie später noch einmal an."
    ),
    "cannot_move": "Ich kann keinen Termin verschieben, aber unser Team kann es.",
    "putting_through": "Ich verbinde Sie mit einem Menschen. Einen Moment, bitte.",
    "no_person": (
        "Ich kann Sie nicht mit einem Menschen verbinden, aber unser Team ruft "
        "Sie zurück."
    ),
    # Payments.
    "no_cards": (
        "Wir nehmen am Telefon nie Kartennummern entgegen. Was Sie zur Karte "
        "gesagt haben, wurde nicht behalten."
    ),
    "no_payments": "Ich kann am Telefon keine Zahlungen annehmen.",
    "ask_link": (
        "Soll unser Team Ihnen einen Zahlungslink schicken? Sagen Sie ja oder "
        "drücken Sie die 1, oder nein oder die 2."
    ),
    "link_wanted": "Der Anrufer bittet um einen Zahlungslink.",
    "payment_noted": "Ich hinterlasse unserem Team eine Notiz wegen der Zahlung.",
    "note_payment": (
        "Es ging um eine Zahlung, sie blieb ungeklärt. Bitte zurückrufen."
    ),
    # Emergencies.
    "emergency": (
        "Wenn das ein Notfall ist, legen Sie auf und wählen Sie jetzt {emergency}."
    ),
    "ask_emergency": (
        "Wenn nicht, drücken Sie die 1, um fortzufahren, oder die 3 für eine Nachricht."
    ),
    "ask_emergency_person": (
        "Wenn nicht, drücken Sie die 1, um fortzufahren, oder die 0, um hier mit "
        "einem Menschen zu sprechen."
    ),
    "hang_up_now": "Bitte legen Sie jetzt auf und wählen Sie {emergency}.",
    # Questions about us.
    "robot": "Nein, ich bin kein Mensch. Ich bin ein KI-Assistent von {clinic}.",
    "fact_unknown": "Das weiß ich nicht, aber unser Team weiß es.",
    # When things go wrong.
    "not_understood": "Es tut mir leid, das habe ich nicht verstanden.",
    "yes_or_no": "Sagen Sie ja oder drücken Sie die 1, oder nein oder die 2.",
    "menu": (
        "Das habe ich nicht verstanden. Drücken Sie die 1 zum Buchen, die 2 zum "
        "Absagen, die 3 für eine Nachricht oder die 0 für einen Menschen."
    ),
    "menu_no_person": (
        "Das habe ich nicht verstanden. Drücken Sie die 1 zum Buchen, die 2 zum "
        "Absagen oder die 3 für eine Nachricht."
    ),
    "ask_menu": (
        "Drücken Sie die 1 zum Buchen, die 2 zum Absagen, die 3 für eine "
        "Nachricht oder die 0 für einen Menschen."
    ),
    "ask_menu_no_person": (
        "Drücken Sie die 1 zum Buchen, die 2 zum Absagen oder die 3 für eine Nachricht."
    ),
    "language_not_heard": (
        "Deutsch verstehe ich gerade nicht. Sprechen Sie jetzt Ihre Nachricht."
    ),
    "language_not_heard_person": (
        "Deutsch verstehe ich gerade nicht. Sprechen Sie jetzt Ihre Nachricht, "
        "oder drücken Sie die 0."
    ),
    "language_called_back": (
        "Deutsch verstehe ich gerade nicht. Unser Team ruft Sie zurück."
    ),
    "language_called_back_person": (
        "Deutsch verstehe ich gerade nicht. Unser Team ruft Sie zurück. Oder "
        "drücken Sie die 0."
    ),
    "books_away": "Es tut mir leid, ich kann die Termine gerade nicht einsehen.",
    "cut_off": "Entschuldigung, wir wurden unterbrochen.",
    "still_there": "Sind Sie noch da?",
    # The end.
    "ask_more": "Kann ich noch etwas für Sie tun?",
    "goodbye": "Vielen Dank für Ihren Anruf. Auf Wiederhören.",
    "note_hung_up": "Der Anruf endete zu früh. Hören Sie ihn sich an.",
    "note_language": (
        "Der Anrufer spricht eine Sprache, die der Assistent nicht versteht. "
        "Bitte zurückrufen."
    ),
    "note_booking": (
        "Der Anrufer wollte einen Termin, gebucht wurde keiner. Bitte zurückrufen."
    ),
    "note_wish": "Über diesen Termin wurde gesprochen, gebucht wurde er nicht: {slot}.",
}
