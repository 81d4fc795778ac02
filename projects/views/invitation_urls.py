"""Addresses of an invitation's link; open to everybody who holds one."""

from django.urls import path

from projects.views import invitation

urlpatterns = [
    path("<str:token>/", invitation.invitation, name="invitation"),
    path("<str:token>/sign-out/", invitation.sign_out, name="invitation_sign_out"),
]
