from django.urls import path

from troth.access.account import closing, entering, joining, own, securing
from troth.security import hops

urlpatterns = [
    path("account/new/", joining.sign_up, name="account.new"),
    *hops.paths("account/confirm/<str:token>/", joining.confirm, name="account.confirm"),
    *hops.paths("account/reset/<str:token>/", joining.reset, name="account.reset"),
    *hops.paths(
        "account/address/<str:token>/",
        own.confirm_address,
        name="account.confirm-address",
        later="account/confirm-address/",
    ),
    path("sign-in/", entering.sign_in, name="sign-in"),
    path("sign-in/code/", entering.code, name="sign-in.code"),
    path("sign-in/passkey/options", entering.passkey_options, name="sign-in.passkey-options"),
    path("sign-in/passkey", entering.passkey, name="sign-in.passkey"),
    path("sign-in/forgotten/", joining.show_forgotten, name="sign-in.forgotten"),
    path("sign-out/", entering.sign_out, name="sign-out"),
    path("account/", own.account, name="account"),
    path("account/again/", entering.again, name="account.again"),
    path("account/data/", own.data, name="account.data"),
    path("account/data/<uuid:person>/", own.data, name="account.fact"),
    path("account/sessions/end", own.end_sessions, name="account.end-sessions"),
    path("account/address/", own.address, name="account.address"),
    path("account/offers/", own.answer_offer, name="account.offers"),
    path("account/password/", own.password, name="account.password"),
    path("account/app/", securing.app, name="account.app"),
    path("account/app/remove", securing.remove_app, name="account.remove-app"),
    path("account/recovery/", securing.recovery, name="account.recovery"),
    path("account/close/", closing.close, name="account.close"),
    path("account/closed/", closing.say_closed, name="account.closed"),
    path("account/passkey/", securing.passkey, name="account.passkey"),
    path("account/passkey/options", securing.passkey_options, name="account.passkey-options"),
    path("account/passkey/make", securing.make_passkey, name="account.make-passkey"),
    path("account/passkey/<int:id>/remove", securing.remove_passkey, name="account.remove-passkey"),
]
