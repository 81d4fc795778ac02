"""Addresses of the project pages."""

from django.urls import URLPattern, path

from projects.views import (
    board,
    edits,
    edits_people,
    listing,
    papers,
    proposal,
    saved_views,
    selection,
    story,
    timeline,
)

urlpatterns: list[URLPattern] = [
    path("", listing.project_list, name="projects"),
    path("export.csv", listing.project_export, name="projects_export"),
    path("board/", board.project_board, name="projects_board"),
    path("board/more/", board.more_cards, name="projects_board_more"),
    path("columns/", listing.choose_columns, name="projects_columns"),
    path("leads/", listing.lead_sources, name="projects_leads"),
    path("selected/", selection.selected, name="projects_selected"),
    path("views/", saved_views.saved_view_list, name="saved_views"),
    path("views/<int:pk>/", saved_views.saved_view, name="saved_view"),
    path("views/<int:pk>/change/", saved_views.change_saved_view, name="saved_view_change"),
    path("files/<int:pk>/", papers.project_file, name="project_file"),
    path("systems/<int:pk>/picture/", papers.system_picture, name="system_picture"),
    path("<int:pk>/pictures/", papers.project_pictures, name="project_pictures"),
    path("<int:pk>/", story.project_page, name="project"),
    path("new/", edits.project_new, name="project_new"),
    path("<int:pk>/edit/", edits.project_edit, name="project_edit"),
    path("<int:pk>/delete/", edits.project_delete, name="project_delete"),
    path("<int:pk>/edits/", edits.project_edits, name="project_edits"),
    path("<int:pk>/customers/", edits_people.project_customers, name="project_customers"),
    path("<int:pk>/stage/", edits_people.project_stage, name="project_stage"),
    path("<int:pk>/systems/", story.project_systems, name="project_systems"),
    path("<int:pk>/timeline/", timeline.project_timeline, name="project_timeline"),
    path("<int:pk>/refresh/", story.project_refresh, name="project_refresh"),
    path("<int:pk>/proposal/", proposal.project_proposal, name="project_proposal"),
    path("<int:pk>/proposal/state/", proposal.proposal_state, name="project_proposal_state"),
    path("<int:pk>/promise/", proposal.project_promise, name="project_promise"),
    path("<int:pk>/freshness/", story.project_freshness, name="project_freshness"),
]
