"""The page behind an invitation: a new annotator chooses a password, once. Django's form with a template of ours.

The link's token dies with the password that is chosen, and after ``PASSWORD_RESET_TIMEOUT``. Nothing is kept in the
session, as Django's own view does: Label Studio's is a cookie, which any other answer on its way to the browser takes
back to what it was. The address stays with this server: ``Referrer-Policy`` forbids that it be carried on.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from .people import CONFINED

__all__ = ["Welcome", "is_invited", "welcome_link"]


def is_invited(user: Any) -> bool:
    """Whether the account was made for annotating and nobody has chosen its password yet.

    Nobody else gets a link: it would hand an account over to whoever asks for it.
    """
    return not user.has_usable_password() and bool(user.groups.filter(name=CONFINED).exists())


def welcome_link(request: Any, user: Any) -> str:
    """The address at which ``user`` chooses a password. Whoever has it can do so: a secret until it is used."""
    identity = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("gtbridge:welcome", args=[identity, default_token_generator.make_token(user)])
    # Behind a proxy the request does not know the server's public address; Label Studio's setting does.
    public = settings.HOSTNAME if settings.HOSTNAME.startswith("http") else request.build_absolute_uri("/")
    return str(urljoin(public, path))


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class Welcome(FormView):  # type: ignore[misc]  # Django has no types
    """Asks twice for a password, then leads to the login page and from there to the label stream."""

    template_name = "gtbridge/welcome.html"
    form_class = SetPasswordForm
    user: Any = None

    @classmethod
    def as_view(cls, **options: Any) -> Any:
        """The view, marked as one of the few whose CSRF token Label Studio leaves for Django to check."""
        view = super().as_view(**options)
        view._dont_enforce_csrf_checks = False
        return view

    def dispatch(self, request: Any, uidb64: str, token: str) -> HttpResponse:
        """Show or take the form; for a link that is not, or no longer, somebody's, the page that says so."""
        self.user = _invited(uidb64, token)
        answer = super().dispatch(request) if self.user else self.render_to_response({"server": request.get_host()})
        answer["Referrer-Policy"] = "same-origin"
        return answer

    def get_form_kwargs(self) -> dict[str, Any]:
        """What Django's form is made with."""
        return {**super().get_form_kwargs(), "user": self.user}

    def get_form(self, form_class: Any = None) -> Any:
        """Django's form in fewer words."""
        form = super().get_form(form_class)
        form.fields["new_password1"].label = "Password"
        form.fields["new_password2"].label, form.fields["new_password2"].help_text = "The same again", ""
        return form

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """What the template shows."""
        context: dict[str, Any] = super().get_context_data(**more)
        return {**context, "server": self.request.get_host(), "person": self.user}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the password; whoever else was logged in at this browser is logged out."""
        form.save()
        logout(self.request)
        response: HttpResponse = super().form_valid(form)
        return response

    def get_success_url(self) -> str:
        """The login page, which knows where to go next if there is one job only."""
        jobs = self.user.project_memberships.filter(enabled=True).values_list("project_id", flat=True)[:2]
        login: str = reverse("user-login")
        if len(jobs) != 1:
            return login
        stream = f"{reverse('data_manager:project-data', args=[jobs[0]])}?labeling=1"
        return f"{login}?{urlencode({'next': stream})}"


def _invited(uidb64: str, token: str) -> Any:
    """Whose link it is, None for nobody who is invited."""
    try:
        user = get_user_model().objects.get(pk=urlsafe_base64_decode(uidb64).decode())
    except (ValueError, OverflowError, ValidationError, get_user_model().DoesNotExist):
        return None
    known = user.is_active and is_invited(user) and default_token_generator.check_token(user, token)
    return user if known else None
