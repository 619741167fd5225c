"""What the receptionist says in French."""

from typing import Final

PHRASES: Final = {
    # Opening.
    "ask_help": "Comment puis-je vous aider ?",
    "press_for_language": "Pour le français, appuyez sur {key}.",
    "consent_given": "Merci.",
    "consent_not_given": "Alors cet appel n'est pas enregistré.",
    "ask_again_consent": "Dites oui ou appuyez sur 1, ou dites non ou appuyez sur 2.",
    # Booking.
    "book_start": "Je peux faire la réservation.",
    "ask_name": "Quels sont vos prénom et nom ? Veuillez aussi épeler votre nom.",
    "ask_name_again": (
        "Je n'ai pas compris le nom. Redites votre prénom et votre nom, puis "
        "épelez votre nom."
    ),
    "name_heard": "Merci, {name}.",
    "name_by_staff": "Je n'ai pas compris le nom ; notre équipe le confirmera.",
    "ask_when": "Quel jour et quelle heure vous conviennent ?",
    "slot": "{date}, à {time}, avec {whom}",
    "ask_offer": "J'ai {slot}. Je réserve ?",
    "ask_offer_again": (
        "Pour {slot}, dites oui ou appuyez sur 1. Pour une autre heure, dites non ou "
        "appuyez sur 2."
    ),
    "nothing_then": "Rien n'est libre à ce moment-là.",
    "no_more_times": "Je n'ai pas d'autre heure à proposer.",
    "no_times_at_all": "Je n'ai aucun rendez-vous libre pour le moment.",
    "ask_own_number": (
        "Utilisons-nous le numéro depuis lequel vous appelez ? Dites oui ou "
        "appuyez sur 1, ou non ou 2."
    ),
    "phone_not_caught": "Je n'ai pas compris le numéro de téléphone.",
    "ask_phone": (
        "Tapez votre numéro de téléphone, puis dièse, ou dites-le chiffre par chiffre."
    ),
    "read_back": "Je note {slot}, pour {name}, numéro de téléphone {phone}.",
    "nobody": "une personne dont notre équipe confirmera le nom",
    "own_number": "celui depuis lequel vous appelez",
    "ask_confirm": (
        "J'ai {slot}, pour {name}, numéro de téléphone {phone}. Est-ce exact ? "
        "Dites oui ou appuyez sur 1, ou non ou 2."
    ),
    "just_gone": "Je regrette, ce créneau vient d'être pris.",
    "booked": "C'est réservé.",
    "ask_wrong": (
        "Rien n'est encore réservé. Appuyez sur 1 pour une autre heure, sur 2 "
        "pour un autre numéro de téléphone, ou sur 3 pour laisser un message."
    ),
    "cannot_book": "Je regrette, je ne peux pas réserver cela.",
    "not_booked": (
        "Je n'ai rien réservé. Je laisse une note à notre équipe pour qu'elle "
        "vous rappelle."
    ),
    # Cancelling.
    "ask_cancel": (
        "Je trouve {slot}. Dois-je l'annuler ? Dites oui ou appuyez sur 1, ou non ou 2."
    ),
    "none_found": (
        "Je ne trouve aucun rendez-vous au numéro depuis lequel vous appelez."
    ),
    "cancelled": "C'est annulé : {slot}.",
    "cannot_cancel": "Je regrette, je ne peux pas annuler cela.",
    "nothing_cancelled": "Alors je n'ai rien annulé.",
    # Messages and people.
    "ask_message": (
        "Dites votre message maintenant, avec votre nom et votre numéro de téléphone."
    ),
    "message_taken": "Merci. Notre équipe recevra votre message.",
    "message_failed": (
        "Je regrette, je n'ai pas pu garder votre message. Rappelez plus tard, "
        "s'il vous plaît."
    ),
    "cannot_move": (
        "Je ne peux pas déplacer un rendez-vous, mais notre équipe peut le faire."
    ),
    "putting_through": "Je vous passe une personne. Un instant, s'il vous plaît.",
    "no_person": (
        "Je ne peux pas vous passer une personne, mais notre équipe vous rappellera."
    ),
    # Payments.
    "no_cards": (
        "Nous ne prenons jamais de numéro de carte au téléphone. Ce que vous avez "
        "dit de la carte n'a pas été gardé."
    ),
    "no_payments": "Je ne peux pas prendre de paiement au téléphone.",
    "ask_link": (
        "Notre équipe doit-elle vous envoyer un lien de paiement ? Dites oui ou "
        "appuyez sur 1, ou non ou 2."
    ),
    "link_wanted": "L'appelant demande un lien de paiement.",
    "payment_noted": "Je laisse une note à notre équipe au sujet du paiement.",
    "note_payment": (
        "L'appelant a parlé d'un paiement, rien n'a été réglé. Merci de rappeler."
    ),
    # Emergencies.
    "emergency": (
        "Si c'est une urgence, raccrochez et appelez le {emergency} maintenant."
    ),
    "ask_emergency": (
        "Sinon, appuyez sur 1 pour continuer, ou sur 3 pour laisser un message."
    ),
    "ask_emergency_person": (
        "Sinon, appuyez sur 1 pour continuer, ou sur 0 pour parler à une personne ici."
    ),
    "hang_up_now": "Raccrochez maintenant et appelez le {emergency}.",
    # Questions about us.
    "robot": "Non, je ne suis pas une personne. Je suis un assistant IA de {clinic}.",
    "fact_unknown": "Je ne le sais pas, mais notre équipe le sait.",
    # When things go wrong.
    "not_understood": "Je regrette, je n'ai pas compris.",
    "yes_or_no": "Dites oui ou appuyez sur 1, ou non ou 2.",
    "menu": (
        "Je n'ai pas compris. Appuyez sur 1 pour réserver, 2 pour annuler, 3 pour "
        "laisser un message, ou 0 pour une personne."
    ),
    "menu_no_person": (
        "Je n'ai pas compris. Appuyez sur 1 pour réserver, 2 pour annuler, ou 3 "
        "pour laisser un message."
    ),
    "ask_menu": (
        "Appuyez sur 1 pour réserver, 2 pour annuler, 3 pour laisser un message, "
        "ou 0 pour une personne."
    ),
    "ask_menu_no_person": (
        "Appuyez sur 1 pour réserver, 2 pour annuler, ou 3 pour laisser un message."
    ),
    "language_not_heard": (
        "Je ne comprends pas le français. Dites votre message maintenant."
    ),
    "language_not_heard_person": (
        "Je ne comprends pas le français. Dites votre message maintenant, ou "
        "appuyez sur 0."
    ),
    "language_called_back": (
        "Je ne comprends pas le français. Notre équipe vous rappellera."
    ),
    "language_called_back_person": (
        "Je ne comprends pas le français. Notre équipe vous rappellera. Ou "
        "appuyez sur 0."
    ),
    "books_away": "Je regrette, je ne peux pas voir les rendez-vous pour le moment.",
    "cut_off": "Excusez-moi, nous avons été coupés.",
    "still_there": "Êtes-vous toujours là ?",
    # The end.
    "ask_more": "Puis-je faire autre chose pour vous ?",
    "goodbye": "Merci de votre appel. Au revoir.",
    "note_hung_up": "L'appel s'est terminé trop tôt. Écoutez l'enregistrement.",
    "note_language": (
        "L'appelant parle une langue que l'assistant ne comprend pas. Merci de "
        "rappeler."
    ),
    "note_booking": (
        "L'appelant voulait un rendez-vous, aucun n'a été réservé. Merci de rappeler."
    ),
    "note_wish": "Ce rendez-vous a été évoqué, il n'a pas été réservé : {slot}.",
}
