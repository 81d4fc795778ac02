"""Addresses of the team."""

from django.urls import path

from projects.views import team, team_acts, team_leaving

urlpatterns = [
    path("", team.team_list, name="team"),
    path("invite/", team.invite_person, name="team_invite"),
    path("invite-all/", team_acts.invite_all, name="team_invite_all"),
    path("leave/", team_leaving.leave_page, name="team_leave"),
    path("roles/<int:pk>/", team.role_page, name="team_role"),
    path("roles/<int:pk>/invite/", team_acts.invite_role, name="team_role_invite"),
    path("invitations/<int:pk>/", team.invitation_page, name="team_invitation"),
    path("invitations/<int:pk>/again/", team_acts.invite_again, name="team_invitation_again"),
    path("invitations/<int:pk>/take-back/", team_acts.take_back, name="team_invitation_revoke"),
    path("members/<int:pk>/", team.member_page, name="team_member"),
    path("members/<int:pk>/kind/", team_acts.set_kind, name="team_member_kind"),
    path("members/<int:pk>/rights/", team_acts.set_rights, name="team_member_rights"),
    path("members/<int:pk>/remove/", team_leaving.remove_page, name="team_member_remove"),
    path("members/<int:pk>/return/", team_acts.bring_back, name="team_member_return"),
]
