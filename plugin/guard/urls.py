"""Label Studio's addresses, and the guard's own below ``gtbridge/``."""

from __future__ import annotations

from core import urls as label_studio
from django.urls import include, path

from . import views
from .about import about
from .gallery import picture
from .welcome import Welcome
from .workers import Workers

handler403 = getattr(label_studio, "handler403", "django.views.defaults.permission_denied")
handler404 = getattr(label_studio, "handler404", "django.views.defaults.page_not_found")
handler500 = getattr(label_studio, "handler500", "django.views.defaults.server_error")

_own = [
    path("check", views.check, name="check"),
    path("guard.js", views.script, name="script"),
    path("about", about, name="about"),
    path("gallery/<slug:task>.png", picture, name="picture"),
    path("workers", Workers.as_view(), name="workers"),
    path("welcome/<uidb64>/<token>/", Welcome.as_view(), name="welcome"),
]

urlpatterns = [path("gtbridge/", include((_own, "gtbridge"))), *label_studio.urlpatterns]
