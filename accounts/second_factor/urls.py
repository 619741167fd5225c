"""The pages under `/accounts/second-factor/`."""

from django.urls import path

from accounts.second_factor import (
    mailbox_views,
    passkey_views,
    set_up_views,
    verify_views,
    views,
)

urlpatterns = [
    path("", views.factors, name="second-factor"),
    path("set-up/", set_up_views.set_up, name="second-factor-set-up"),
    path("verify/", verify_views.verify, name="second-factor-verify"),
    path("recovery/", verify_views.recovery, name="second-factor-recovery"),
    path("mailbox/", mailbox_views.mailbox, name="second-factor-mailbox"),
    path("mailbox/send/", mailbox_views.send_code, name="second-factor-mailbox-send"),
    path("codes/", set_up_views.codes, name="second-factor-codes"),
    path("codes/kept/", set_up_views.codes_kept, name="second-factor-codes-kept"),
    path("passkey/add/", passkey_views.add_begin, name="passkey-add"),
    path("passkey/add/finish/", passkey_views.add_finish, name="passkey-added"),
    path("passkey/show/", passkey_views.show_begin, name="passkey-show"),
    path("passkey/show/finish/", passkey_views.show_finish, name="passkey-shown"),
    path(
        "<str:kind>/<int:factor_id>/rename/", views.rename, name="second-factor-rename"
    ),
    path(
        "<str:kind>/<int:factor_id>/remove/", views.remove, name="second-factor-remove"
    ),
]
