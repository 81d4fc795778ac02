"""Addresses of a person's own account; what stands here goes before allauth's pages of the same address."""

from django.urls import path

from portal.oidc import views as oidc
from portal.views import account, account_factors, account_password, account_sign_ins

urlpatterns = [
    path("you/", account.your_account, name="your_account"),
    path("second-factor/", account.second_factor_needed, name="second_factor_needed"),
    path("sessions/", account_sign_ins.everywhere_else, name="usersessions_list"),
    path("sessions/<int:pk>/end/", account_sign_ins.one, name="end_sign_in"),
    path("password/reset/", account_password.quiet_reset, name="account_reset_password"),
    path("2fa/", account.to_your_account, name="mfa_index"),
    path("2fa/authenticate/", account_factors.ask_for_factor, name="mfa_authenticate"),
    path("2fa/totp/deactivate/", account_factors.remove_app, name="mfa_deactivate_totp"),
    path("2fa/webauthn/", account.to_your_account, name="mfa_list_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", account_factors.remove_passkey, name="mfa_remove_webauthn"),
    path("oidc/login/", oidc.to_issuer, name="oidc_login"),
    path("oidc/callback/", oidc.from_issuer, name="oidc_callback"),
]
